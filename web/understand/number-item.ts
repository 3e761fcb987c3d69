import { queryField } from '../../src/model/query/query-field.ts';
import { formatCount } from '../../src/view/format/numbers.ts';
import { nameOf, numbersNamed, valuesNamed } from '../../src/view/format/names.ts';
import { quoted } from './meaning.ts';
import { unitFactors } from './unit-factors.ts';

/** Whole numbers from one to another, both included; null: no end. Beyond 2^53 they are bigint. */
export interface Interval {
  readonly low: number | bigint | null;
  readonly high: number | bigint | null;
}

/** One item of a filter on numbers. */
export type NumberItem =
  | ({ readonly kind: 'range' } & Interval)
  | { readonly kind: 'values'; readonly values: readonly (number | bigint)[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'fault'; readonly why: string };

/** The largest counter: 2^63 − 1. */
const MOST = 2n ** 63n - 1n;

/** `1000`, `1k`, `1.5MB`, a name of the field's values, `8000-8100`, `>1000`, `<=5M`. Spaces within were removed. */
export function readNumberItem(text: string, field: string): NumberItem {
  if (text.toLowerCase() === 'none') return { kind: 'none' };
  const named = numbersNamed(field, text);
  if (named.length > 0) return { kind: 'values', values: named };
  const compared = /^(>=|<=|>|<|≥|≤)(.+)$/.exec(text);
  if (compared !== null) return comparison(compared[1] ?? '', compared[2] ?? '', field);
  const open = /^(.*\d[a-z]*)\+$/i.exec(text);
  if (open !== null) return comparison('>=', open[1] ?? '', field);
  const ends = /^([^-]+)-([^-]+)$/.exec(text);
  if (ends !== null) return range(ends[1] ?? '', ends[2] ?? '', text, field);
  const value = readWhole(text, field);
  return typeof value === 'string' ? { kind: 'fault', why: value } : { kind: 'values', values: [value] };
}

function comparison(sign: string, text: string, field: string): NumberItem {
  const value = readWhole(text, field);
  if (typeof value === 'string') return { kind: 'fault', why: value };
  const most = mostOf(field);
  switch (sign) {
    case '>':
    case '>=':
    case '≥': {
      const low = sign === '>' ? next(value) : value;
      if (low > most) return { kind: 'fault', why: `No value is greater than ${counted(value)}.` };
      return { kind: 'range', low, high: null };
    }
    default: {
      if (sign === '<' && value <= 0) return { kind: 'fault', why: 'Values can’t be negative.' };
      return { kind: 'range', low: null, high: sign === '<' ? before(value) : value };
    }
  }
}

function range(from: string, to: string, text: string, field: string): NumberItem {
  const [low, high] = [readWhole(from, field), readWhole(to, field)];
  if (typeof low === 'string') return { kind: 'fault', why: low };
  if (typeof high === 'string') return { kind: 'fault', why: high };
  if (low > high)
    return { kind: 'fault', why: `${quoted(text)} is reversed: enter the smaller number first.` };
  return { kind: 'range', low, high };
}

/** The whole number in a text, or why it is invalid. */
export function readWhole(written: string, field: string): number | bigint | string {
  const text = written.trim();
  // If several ports have that name, the lowest.
  const [named] = numbersNamed(field, text);
  if (named !== undefined) return named;
  const match = /^([-+]?)(\d+(?:\.\d*)?|\.\d+)([a-z]*)$/i.exec(text);
  const factor = unitFactors.get((match?.[3] ?? '').toLowerCase());
  if (match === null || factor === undefined) {
    return `${quoted(text)} is not a number${hintOf(text, field)}`;
  }
  if (match[1] === '-' && Number(match[2]) !== 0) return `${quoted(text)} is negative; values here can’t be.`;
  const digits = match[2] ?? '';
  const value =
    factor === 1 && /^\d+$/.test(digits) ? exact(BigInt(digits)) : scaled(Number(digits) * factor);
  if (value === null) return `${quoted(text)} is not a whole number.`;
  const most = mostOf(field);
  return value > most ? `${quoted(text)} is too large: the most is ${counted(most)}.` : value;
}

/** Suggestions for an unknown word, if values have names. */
function hintOf(text: string, field: string): string {
  const near = /[a-z]/i.test(text) ? valuesNamed(field, text).slice(0, 3) : [];
  if (near.length > 0)
    return `; did you mean ${near.map((each) => `${each} ${nameOf(field, each) ?? ''}`).join(' or ')}?`;
  return valuesNamed(field, '').length > 0 ? ', and no name that is known here.' : '.';
}

/** The largest value that a field can have. */
function mostOf(field: string): number | bigint {
  return queryField(field)?.max ?? MOST;
}

function exact(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** 1.1 k is 1100, without rounding errors; null: not a whole number, or not exact. */
function scaled(value: number): number | bigint | null {
  const whole = Math.round(value);
  if (Math.abs(whole - value) > 1e-6 * Math.max(1, value / 1e9)) return null;
  return Number.isSafeInteger(whole) ? whole : BigInt(whole);
}

export function next(value: number | bigint): number | bigint {
  return exact(BigInt(value) + 1n);
}

function before(value: number | bigint): number | bigint {
  return exact(BigInt(value) - 1n);
}

function counted(value: number | bigint): string {
  return typeof value === 'number' ? formatCount(value) : value.toLocaleString('en-US');
}
