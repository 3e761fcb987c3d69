import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HourCounts } from './hour-counts.ts';

const batchOf = (hours: readonly (number | null)[]): Parameters<HourCounts['add']>[0] => ({
  rows: hours.length,
  columns: [
    {
      kind: 'integer',
      field: 'hour',
      values: Uint32Array.from([...hours.map((hour) => hour ?? 0), 9]),
      nulls: hours.includes(null) ? Uint8Array.from(hours, (hour) => Number(hour === null)) : null,
    },
  ],
  texts: [''],
});

test('each hour has as many rows as it has', () => {
  const hour = fc.option(fc.nat(3), { freq: 4 });
  fc.assert(
    fc.property(fc.array(fc.array(hour, { maxLength: 30 }), { maxLength: 4 }), (batches) => {
      const counts = new HourCounts();
      for (const hours of batches) counts.add(batchOf(hours));
      const all = batches.flat().filter((one) => one !== null);
      expect(Object.fromEntries(counts.counts!)).toEqual(
        Object.fromEntries([...new Set(all)].map((one) => [one, all.filter((same) => same === one).length])),
      );
      counts.empty();
      expect(counts.counts?.size).toBe(0);
    }),
  );
});

test('too many hours are not counted, until it is emptied', () => {
  const counts = new HourCounts();
  counts.add(batchOf(Array.from({ length: 5_000 }, (_, hour) => hour)));
  counts.add(batchOf([1]));
  expect(counts.counts).toBeNull();
  counts.empty();
  counts.add(batchOf([1]));
  expect([...counts.counts!]).toEqual([[1, 1]]);
});
