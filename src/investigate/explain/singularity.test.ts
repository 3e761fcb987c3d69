import { expect, test } from 'vitest';
import type { Candidate } from './combination-counts.ts';
import { singularityOf } from './singularity.ts';

const names = ['srcaddr', 'dstaddr', 'direction'];
const single = (dimension: number, key: number, selected: number): Candidate => ({
  values: [{ dimension, key }],
  selected,
  rest: 0,
});
const totals = { selected: 1000, rest: 1000 };

test('one source far above the others stands out; one of eight machines that all have as much does not', () => {
  const machines = Array.from({ length: 8 }, (_, i) => single(1, i, 120));
  const sources = [single(0, 1, 200), single(0, 2, 6), single(0, 3, 6)];
  const weight = singularityOf([...machines, ...sources, single(2, 1, 900)], names, totals, 0.005);
  expect(weight([{ dimension: 0, key: 1 }])).toBe(1);
  expect(weight([{ dimension: 1, key: 3 }])).toBe(0.25);
  // The direction of flows does not make a machine stand out.
  expect(weight([{ dimension: 1, key: 3 }, { dimension: 2, key: 1 }])).toBe(0.25); // prettier-ignore
  expect(weight([{ dimension: 0, key: 1 }, { dimension: 1, key: 3 }])).toBe(1); // prettier-ignore
  // Alone in its dimension.
  expect(singularityOf([single(0, 1, 200)], names, totals, 0.005)([{ dimension: 0, key: 1 }])).toBe(1);
});
