import { PeepholeError } from '../model/errors.ts';

/** The value of an option that takes a whole number from 0 to `max`. Throws `usage`. */
export function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new PeepholeError('usage', `${name} takes a whole number up to ${max}, not ${text}.`);
  return value;
}
