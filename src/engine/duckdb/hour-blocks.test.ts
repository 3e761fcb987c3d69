import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourBlocks } from './hour-blocks.ts';

const hours = fc
  .uniqueArray(fc.record({ hour: fc.integer({ min: 480_000, max: 480_200 }), flows: fc.nat(900_000) }), {
    selector: ({ hour }) => hour,
    maxLength: 100,
  })
  .map((list) => list.sort((a, b) => a.hour - b.hour));

test('blocks are hours of one day that follow each other, as many as may lie together', () => {
  fc.assert(
    fc.property(hours, (list) => {
      const { older, newest } = hourBlocks(list, 480_300);
      expect(older.map(({ hour }) => hour)).toEqual(
        list.map(({ hour }) => hour).filter((hour) => hour < newest),
      );
      const blocks = [...new Set(older.map(({ block }) => block))].map((block) =>
        older.filter((each) => each.block === block),
      );
      const flows = new Map(list.map((each) => [each.hour, each.flows]));
      const sum = (block: readonly { readonly hour: number }[]): number =>
        block.reduce((all, { hour }) => all + (flows.get(hour) ?? 0), 0);
      const day = (hour: number): number => Math.floor(hour / 24);
      expect(blocks.flat()).toEqual(older);
      for (const [index, block] of blocks.entries()) {
        expect(block[0]?.block).toBe(block[0]?.hour);
        expect(new Set(block.map(({ hour }) => day(hour))).size).toBe(1);
        if (block.length > 1) expect(sum(block)).toBeLessThanOrEqual(500_000);
        const next = blocks[index + 1]?.[0];
        if (next !== undefined && day(next.hour) === day(block[0]!.hour))
          expect(sum([...block, next])).toBeGreaterThan(500_000);
      }
    }),
  );
});

test('each of the last day has its own, whatever there is', () => {
  const now = 480_060;
  expect(hourBlocks([], now)).toEqual({ older: [], newest: 0 });
  const list = Array.from({ length: 50 }, (_, index) => ({ hour: 480_000 + index, flows: 10 }));
  const { older, newest } = hourBlocks(list, now);
  expect(newest).toBe(480_026);
  expect(older.map(({ block }) => block)).toEqual([
    ...Array.from({ length: 24 }, () => 480_000),
    ...Array.from({ length: 2 }, () => 480_024),
  ]);
  // A wrong clock's flow and hours that only say that there were no flows come after them.
  const later = [...list, { hour: 480_055, flows: 0 }, { hour: 1_000_000, flows: 1 }];
  expect(hourBlocks(later, now)).toEqual({ older, newest });
});
