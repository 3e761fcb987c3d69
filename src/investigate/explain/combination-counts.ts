import type { Key } from '../../sql/key.ts';

/** A value of a dimension, by the dimension's place. */
export interface Value {
  readonly dimension: number;
  readonly key: Key;
}

/** Amounts (flows or bytes) on both sides. */
export interface Amounts {
  readonly selected: number;
  readonly rest: number;
}

/** Values of some dimensions, in the order of these, with the flows that have them all. */
export interface Candidate extends Amounts {
  readonly values: readonly Value[];
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

export function minus(one: Amounts, other: Amounts): Amounts {
  return { selected: one.selected - other.selected, rest: one.rest - other.rest };
}

export function sumOf(some: readonly Amounts[]): Amounts {
  const sum = { selected: 0, rest: 0 };
  for (const { selected, rest } of some) {
    sum.selected += selected;
    sum.rest += rest;
  }
  return sum;
}

/** The share of a side that something is, on the side on which it is the larger one. */
export function massShare({ selected, rest }: Amounts, totals: Amounts): number {
  return Math.max(selected / Math.max(1, totals.selected), rest / Math.max(1, totals.rest));
}
