import { describe, expect, it } from 'vitest';
import { findSpread, hoursOfPast } from './find-spread.ts';

/** New ones by hour, all of whom let it in, but for some hours. */
const spread = (
  hours: Readonly<Record<number, number>>,
  refused: readonly number[] = [],
): ReturnType<typeof findSpread> =>
  findSpread(
    new Map(
      Object.entries(hours).map(([hour, reached]) => [
        Number(hour),
        { reached, letIn: refused.includes(Number(hour)) ? 0 : reached },
      ]),
    ),
    10,
    5,
  );

describe('when a machine begins to reach others', () => {
  it('is the day with the most new ones', () => {
    expect(spread({ 0: 2, 40: 4, 41: 9, 60: 3, 90: 2 })).toEqual({
      first: 40,
      last: 60,
      reached: 16,
      letIn: 16,
      before: 2,
      fastest: 9,
    });
  });

  it('is when it was let in, though it had tried more before that refused it', () => {
    expect(spread({ 20: 30, 60: 12 }, [20])).toMatchObject({ first: 60, reached: 12, before: 0 });
  });

  it('is no time for one that always reached as many', () => {
    expect(spread({ 0: 30, 40: 20 })).toBeNull();
  });

  it('is not a time before the logs say what always was, nor for a few', () => {
    expect(spread({ 3: 30 })).toBeNull();
    expect(spread({ 40: 4 })).toBeNull();
  });

  it('takes a part of the range to know', () => {
    expect([hoursOfPast(12), hoursOfPast(100)]).toEqual([6, 15]);
  });
});
