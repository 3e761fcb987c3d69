import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/model/time/duration.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { understandDuration } from './durations.ts';
import { understandTime } from './understand-times.ts';

const zones = ['Etc/UTC', 'Europe/Vienna', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca']; // prettier-ignore
const at = (text: string, timezone = 'Etc/UTC'): number | string => {
  const meaning = understandTime(text, timezone);
  return meaning.kind === 'time' ? meaning.at : meaning.why;
};

describe('a typed time', () => {
  it.each([
    ['2018-06-20 14:00', Date.UTC(2018, 5, 20, 14)],
    [' 2018-6-2 4:05 ', Date.UTC(2018, 5, 2, 4, 5)],
    ['2018-06-20', Date.UTC(2018, 5, 20)],
    ['2018-06-20T14:00:05Z', Date.UTC(2018, 5, 20, 14, 0, 5)],
    ['2018-06-20 14:00 +02:00', Date.UTC(2018, 5, 20, 12)],
    ['2018-06-20 14:00 UTC-3:30', Date.UTC(2018, 5, 20, 17, 30)],
    ['20 Jun 2018 14:00', Date.UTC(2018, 5, 20, 14)],
    ['20. June 2018', Date.UTC(2018, 5, 20)],
    ['1529503200', 1529503200000],
  ])('%s', (text, instant) => {
    expect(at(text)).toBe(instant);
  });

  it.each([
    ['soon', '“soon” is not a time. A time is written 2018-06-20 14:00.'],
    ['', '“” is not a time. A time is written 2018-06-20 14:00.'],
    ['2018-13-01', 'There is no such day: “2018-13-01”.'],
    ['2018-02-29 10:00', 'There is no such day: “2018-02-29 10:00”.'],
    ['20 Foo 2018', 'There is no such day: “20 Foo 2018”.'],
    ['2018-01-01 25:00', 'There is no such time of the day: “2018-01-01 25:00”.'],
    ['0050-01-01', 'Years go from 1970 to 2999.'],
    ['2018-01-01 10:00 +19', '“+19” is not an offset such as +02:00.'],
  ])('%s: is none, and says why', (text, why) => {
    expect(at(text)).toBe(why);
  });

  it('that clocks skip is none; one that comes twice is the first, and says so', () => {
    expect(at('2018-03-25 02:30', 'Europe/Vienna')).toBe('02:30 is skipped that day: clocks go forward.');
    const twice = understandTime('2018-10-28 02:30', 'Europe/Vienna');
    expect(twice).toMatchObject({ at: Date.UTC(2018, 9, 28, 0, 30) });
    expect(twice.kind === 'time' && twice.note).toBe(
      '02:30 occurs twice that day: the first is used, UTC+2. Write UTC+1 after it for the second.',
    );
    expect(at('2018-10-28 02:30 UTC+1', 'Europe/Vienna')).toBe(Date.UTC(2018, 9, 28, 1, 30));
  });

  it('reads what the page writes, at any moment of any zone', () => {
    const near = fc.constantFrom(Date.UTC(2018, 9, 28, 1), Date.UTC(2018, 2, 25, 1), Date.UTC(2018, 3, 1, 15), Date.UTC(2018, 10, 4, 4)); // prettier-ignore
    const moment = fc.oneof(
      fc.tuple(near, fc.integer({ min: -12_000, max: 12_000 })).map(([base, by]) => base + by * 1000),
      fc
        .integer({ min: Date.UTC(1990, 0), max: Date.UTC(2060, 0) })
        .map((ms) => Math.floor(ms / 1000) * 1000),
    );
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), (instant, timezone) => {
        expect(at(formatStamp(instant, timezone), timezone)).toBe(instant);
      }),
      { numRuns: 600 },
    );
  });
});

describe('a typed length of time', () => {
  it.each([
    ['90m', 'PT90M', '90 minutes'],
    ['6 hours', 'PT6H', '6 hours'],
    ['3 days', 'P3D', '3 days'],
    ['a week', 'P1W', '1 week'],
    ['2w', 'P2W', '2 weeks'],
    ['1 month', 'P1M', '1 month'],
    ['1h 30min', 'PT1H30M', '1 hour 30 minutes'],
    ['1 day and 2 hours', 'P1DT2H', '1 day 2 hours'],
    ['45 s', 'PT45S', '45 seconds'],
    ['pt90m', 'PT90M', '90 minutes'],
    ['P1DT2H', 'P1DT2H', '1 day 2 hours'],
  ])('%s', (text, iso, words) => {
    expect(understandDuration(text)).toEqual({ kind: 'duration', iso, words });
  });

  it.each(['7', 'soon', '3 apples', 'P', 'PT', '1d x', 'P1H', '-3 days', '1.5h'])('%s: is none', (text) => {
    const meaning = understandDuration(text);
    expect(meaning.kind === 'fault' && meaning.why).toContain('is not a duration');
  });

  it('says what is nothing, and what reaches too far', () => {
    expect(understandDuration('')).toEqual({ kind: 'nothing' });
    expect(understandDuration('0 days')).toEqual({
      kind: 'fault',
      why: 'The duration must be longer than zero.',
    });
    expect(understandDuration('9999 years')).toMatchObject({
      why: expect.stringContaining('further back') as string,
    });
    expect(understandDuration('P99999Y').kind).toBe('fault');
  });

  it('is always one that a query takes', () => {
    const word = fc.constantFrom('y', 'months', 'weeks', 'd', 'hours', 'min', 's', 'w', 'apples');
    const part = fc.tuple(fc.nat(5000), word).map(([count, unit]) => `${count} ${unit}`);
    const text = fc.oneof(
      fc.array(part, { maxLength: 4 }).map((parts) => parts.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const meaning = understandDuration(typed);
        if (meaning.kind === 'duration') expect(parseDuration(meaning.iso)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
