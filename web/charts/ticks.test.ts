import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from './ticks.ts';

const DAY = 86_400_000;

describe('ticks', () => {
  it('are days for a week, of the time zone', () => {
    const from = Date.UTC(2018, 5, 20, 14);
    const ticks = timeTicks({ from, to: from + 7 * DAY }, 'Europe/Vienna', 8);
    expect(ticks.map((tick) => tick.label)).toEqual([
      'Thu 21',
      'Fri 22',
      'Sat 23',
      'Sun 24',
      'Mon 25',
      'Tue 26',
      'Wed 27',
    ]);
    expect(new Date(ticks[0]!.at).toISOString()).toBe('2018-06-20T22:00:00.000Z');
  });

  it('are hours and minutes for less, months and years for more', () => {
    const from = Date.UTC(2018, 5, 20, 23);
    expect(timeTicks({ from, to: from + DAY / 8 }, 'Etc/UTC', 8).map((tick) => tick.label)).toEqual([
      '23:00',
      '23:30',
      'Thu 21',
      '00:30',
      '01:00',
      '01:30',
      '02:00',
    ]);
    expect(timeTicks({ from, to: from + 370 * DAY }, 'Etc/UTC', 8).map((tick) => tick.label)).toEqual([
      'Jul',
      'Sep',
      'Nov',
      '2019',
      'Mar',
      'May',
    ]);
    const decade = { from, to: Date.UTC(2027, 1, 1) };
    expect(timeTicks(decade, 'Etc/UTC', 10).map((tick) => tick.label)).toEqual([
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
      '2026',
      '2027',
    ]);
    expect(timeTicks(decade, 'Etc/UTC', 5).map((tick) => tick.label)).toEqual([
      '2020',
      '2022',
      '2024',
      '2026',
    ]);
    expect(timeTicks(decade, 'Etc/UTC', 2).map((tick) => tick.label)).toEqual(['2020', '2025']);
  });

  it('tell the hour that comes twice by its offset', () => {
    // Clocks in Vienna go back at 03:00 on 28 October 2018.
    const [from, to] = [Date.UTC(2018, 9, 27, 23), Date.UTC(2018, 9, 28, 3)];
    const labels = (most: number): string[] =>
      timeTicks({ from, to }, 'Europe/Vienna', most).map(({ label }) => label);
    expect(labels(4)).toEqual(['01:00', '02:00 +2', '02:00 +1', '03:00', '04:00']);
    expect(labels(8)).toEqual([
      '01:00',
      '01:30',
      '02:00 +2',
      '02:30 +2',
      '02:00 +1',
      '02:30 +1',
      '03:00',
      '03:30',
      '04:00',
    ]);
  });

  it('are round values that reach the top', () => {
    expect(valueTicks(184, 4, 'count')).toEqual([0, 50, 100, 150, 200]);
    expect(valueTicks(0, 4, 'count')).toEqual([0, 1]);
    expect(valueTicks(1, 4, 'share').at(-1)).toBe(1);
  });

  it('are whole for what is counted', () => {
    expect(valueTicks(1, 5, 'count')).toEqual([0, 1]);
    expect(valueTicks(3, 5, 'packets')).toEqual([0, 1, 2, 3]);
    expect(valueTicks(1, 5, 'ratio')).toHaveLength(6);
  });
});
