import { expect, test } from 'vitest';
import { classifyBatches } from './committed-batches.ts';
import type { RecordBatch } from './record-batches.ts';

const batch = (firstOffset: number, lastOffset: number, more: Partial<RecordBatch> = {}): RecordBatch => ({
  firstOffset,
  lastOffset,
  control: false,
  transactional: true,
  producer: 1n,
  records: () => [],
  ...more,
});
const marker = (offset: number, producer = 1n): RecordBatch =>
  batch(offset, offset, { control: true, producer });
const read = (...of: Parameters<typeof classifyBatches>): number[] =>
  [...classifyBatches(...of)]
    .filter(({ passOver }) => !passOver)
    .map(({ batch: { firstOffset } }) => firstOffset);

test('skips aborted transactions, but not others of the same producer', () => {
  const batches = [batch(0, 4), marker(5), batch(6, 9), marker(10), batch(11, 12), marker(13)];
  expect(read(batches, [{ producer: 1n, firstOffset: 6 }])).toEqual([0, 11]);
  expect(
    read(batches, [
      { producer: 1n, firstOffset: 11 },
      { producer: 1n, firstOffset: 0 },
    ]),
  ).toEqual([6]);
});

test('skips aborted transactions that began before the first batch or end after the last', () => {
  expect(read([batch(6, 9), batch(10, 12)], [{ producer: 1n, firstOffset: 2 }])).toEqual([]);
  expect(read([batch(6, 9), marker(10), batch(11, 12)], [{ producer: 1n, firstOffset: 2 }])).toEqual([11]);
});

test('does not skip other producers at the same time', () => {
  const batches = [
    batch(0, 1),
    batch(2, 3, { producer: 2n }),
    batch(4, 5, { producer: 1n, transactional: false }),
    marker(6, 2n),
    batch(7, 8),
    marker(9),
  ];
  expect(read(batches, [{ producer: 1n, firstOffset: 0 }])).toEqual([2, 4]);
});
