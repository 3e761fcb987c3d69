import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secondsOf } from './range-seconds.ts';

test('a range has the seconds that begin within it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3000, max: 20_000 }),
      fc.integer({ min: 0, max: 20_000 }),
      (from, length) => {
        const seconds = secondsOf({ from, to: from + length });
        for (let second = 0; second < 45; second++) {
          const within = second * 1000 >= from && second * 1000 < from + length;
          expect(second >= seconds.from && second < seconds.to).toBe(within);
        }
      },
    ),
  );
});

test('bounds are limited to the seconds that can be stored', () => {
  expect(secondsOf({ from: -1, to: Number.MAX_SAFE_INTEGER })).toEqual({ from: 0, to: 4_294_967_295 });
});
