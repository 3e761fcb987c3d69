import type { Key } from '../../sql/key.ts';
import type { Ratio } from './risk-ratio.ts';

/** A value of a dimension, by the dimension's place. */
export interface Value {
  readonly dimension: number;
  readonly key: Key;
}

/** Values of some dimensions, in the order of these, with the flows that have them all. */
export interface Candidate {
  readonly values: readonly Value[];
  readonly selected: number;
  readonly rest: number;
}

export interface Picked extends Candidate, Ratio {
  readonly support: number;
}

export function nameOf(values: Candidate['values']): string {
  return values.map(({ dimension, key }) => `${dimension}=${key}`).join(' ');
}

/** All combinations of fewer of the values, but none. */
export function partsOf(values: Candidate['values']): readonly Candidate['values'][] {
  const parts: Candidate['values'][] = [];
  for (let mask = 1; mask < (1 << values.length) - 1; mask++)
    parts.push(values.filter((_, i) => (mask >> i) & 1));
  return parts;
}

export function inOrder(values: Candidate['values']): Candidate['values'] {
  return values.toSorted((a, b) => a.dimension - b.dimension);
}
