import { describe, expect, it } from 'vitest';
import { readTimer } from './timer.ts';

const gaps = (...list: readonly (readonly [number, number])[]): ReadonlyMap<number, number> => new Map(list);
const same = (count: number, hours = 24): readonly number[] => Array.from({ length: hours }, () => count);

describe('a timer', () => {
  it('of a minute and less is read from counts per hour, since a window blurs its starts', () => {
    expect(readTimer(same(180), gaps([0, 3000], [60, 1300]), 60)).toMatchObject({
      seconds: 20,
      by: 'counts',
    });
  });

  it('of some minutes is read from the times between, with 30 % of jitter', () => {
    const jitter = gaps([210, 40], [300, 100], [390, 40], [600, 8]);
    expect(readTimer(same(12), jitter, 60)).toMatchObject({ seconds: 300, by: 'gaps' });
  });

  it('is recognized for a program that pauses by day, from the hours in the middle of its nights', () => {
    const night = [31, 60, 61, 59, 60, 22];
    const day = same(0, 18);
    const days = [...night.slice(1), ...day, ...night, ...day, ...night.slice(0, -1)];
    expect(readTimer(days, gaps([60, 800]), 60)).toMatchObject({ seconds: 60, by: 'counts' });
    const people = [20, 71, 35, 9, 48, 12];
    expect(readTimer([...people, ...day, ...people, ...day, ...people], gaps([60, 300]), 60)).toBeNull();
  });

  it('is not recognized in random traffic', () => {
    const random = [9, 14, 8, 21, 12, 6, 17, 11, 13, 4, 19, 10];
    const spread = gaps([30, 30], [90, 25], [200, 30], [300, 20], [500, 20], [900, 15]);
    expect(readTimer(random, spread, 60)).toBeNull();
  });

  it('is not recognized in a few connections, nor in one within many hours', () => {
    expect(readTimer(same(12, 5), gaps([300, 59]), 60)).toBeNull();
    expect(readTimer(same(1, 11), gaps([3600, 10]), 60)).toBeNull();
    // Once in most hours, at random: counts hardly vary, the times between do.
    const once = [1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    expect(readTimer(once, gaps([1200, 4], [2400, 3], [3600, 2], [5000, 3], [7000, 2]), 60)).toBeNull();
  });
});
