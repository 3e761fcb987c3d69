import { describe, expect, it } from 'vitest';
import { nameOf, valueRuns, valuesNamed, valueText } from './names.ts';
import {
  counted,
  formatChange,
  formatDelta,
  formatAmount,
  formatBig,
  formatInterval,
  formatShare,
  formatShort,
  formatTicks,
} from './numbers.ts';
import {
  formatBucket,
  formatHour,
  formatLength,
  formatMoment,
  formatRange,
  formatStamp,
  zoneName,
} from './times.ts';

const THIN = '\u202f';
const plain = (text: string): string => text.replaceAll(THIN, ' ');

describe('numbers', () => {
  it('are exact where possible, with no digits that are not known', () => {
    expect(formatAmount(486_613, 'count')).toBe('486,613');
    expect(formatAmount('9223372036854775807', 'count')).toBe('9,223,372,036,854,775,807');
    expect(formatAmount(null, 'count')).toBe('–');
    expect(plain(formatBig(812_400_331, 'count'))).toBe('812 M');
    expect(plain(formatShort(150_000, 'count'))).toBe('150 k');
  });

  it('on one axis have the same unit and few digits', () => {
    const texts = (ticks: readonly number[], unit: string): string[] => formatTicks(ticks, unit).map(plain);
    expect(texts([0, 50_000, 100_000], 'count')).toEqual(['0', '50 k', '100 k']);
    expect(texts([0, 5_000, 10_000], 'count')).toEqual(['0', '5,000', '10,000']);
    expect(texts([0, 500_000, 1_000_000, 1_500_000], 'count')).toEqual(['0', '0.5 M', '1 M', '1.5 M']);
    expect(texts([0, 500e6, 1e9], 'bytes')).toEqual(['0', '0.5 GB', '1 GB']);
    expect(texts([0, 500, 1000], 'bytes')).toEqual(['0', '0.5 kB', '1 kB']);
    expect(texts([0, 0.25, 0.5], 'share')).toEqual(['0 %', '25 %', '50 %']);
    expect(texts([0, 0.5, 1], 'count')).toEqual(['0', '0.5', '1']);
    expect([9_999, 13_149, 483_330].map((count) => plain(formatShort(count, 'count')))).toEqual([
      '9,999',
      '13.1 k',
      '483 k',
    ]);
  });

  it('show their change', () => {
    expect(formatDelta(5, 3, 'count')).toBe('+2');
    expect(plain(formatDelta(1000, 69_700, 'count'))).toBe('−68.7 k');
    expect(formatDelta(5, null, 'count')).toBe('–');
    expect(plain(formatDelta(0.14, 0.181, 'share'))).toBe('−4.1 pts');
    expect(
      [
        [11, 10],
        [9, 10],
        [10, 10],
        [5, 0],
        [0, 0],
        [5, null],
        [433, 1],
        [49_904_300, 1000],
      ].map(([now, before]) => plain(formatChange(now, before))),
    ).toEqual(['+10.0 %', '−10.0 %', '0 %', 'new', '', '', '×433', '×49.9 k']);
  });

  it('have units', () => {
    expect([0, 999, 1800, 29_230_000, 999_999].map((bytes) => plain(formatAmount(bytes, 'bytes')))).toEqual([
      '0 B',
      '999 B',
      '1.80 kB',
      '29.2 MB',
      '1.00 MB',
    ]);
    expect([0, 0.714, 0.0004, 0.000001, 1].map((share) => plain(formatShare(share)))).toEqual([
      '0 %',
      '71.4 %',
      '0.04 %',
      '<0.01 %',
      '100.0 %',
    ]);
    expect([19.78, 300, 7200].map((seconds) => plain(formatInterval(seconds)))).toEqual([
      '20 s',
      '5 min',
      '2 h',
    ]);
    expect([counted(1, 'row'), counted(1600, 'row')]).toEqual(['1 row', '1,600 rows']);
  });
});

describe('times', () => {
  const instant = Date.UTC(2018, 5, 20, 14);

  it('are shown in the time zone', () => {
    expect(formatRange({ from: instant, to: instant + 7 * 86_400_000 }, 'Etc/UTC')).toBe(
      '20 Jun 14:00 – 27 Jun 2018 14:00',
    );
    expect(formatRange({ from: instant, to: instant + 6 * 3_600_000 }, 'Etc/UTC')).toBe(
      '20 Jun 2018 14:00–20:00',
    );
    // The end is within a minute: one flow, the end of all logs.
    expect(formatRange({ from: instant + 5000, to: instant + 5001 }, 'Etc/UTC')).toBe(
      '20 Jun 2018 14:00–14:01',
    );
    expect(formatHour(instant, 'Asia/Kolkata')).toBe('2018-06-20 19:30–20:30');
    expect(zoneName('Etc/GMT-2')).toBe('UTC+2');
    expect(formatBucket(instant, 'PT1H', 'Europe/Vienna')).toBe('Wed 20 Jun 16:00');
    expect(zoneName('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
  });

  it('of gaps are exact, so that text and hatching agree', () => {
    const hour = 3_600_000;
    expect([hour, 2 * hour, 50 * hour, 72 * hour, 100 * 60_000, 60_000, 10].map(formatLength)).toEqual([
      '1 hour',
      '2 hours',
      '50 hours',
      '3 days',
      '1 hour 40 minutes',
      '1 minute',
      '1 minute',
    ]);
  });

  it('an hour that occurs twice is written with its offset', () => {
    // Clocks in Vienna go back at 03:00 on 28 October 2018.
    const [first, second] = [Date.UTC(2018, 9, 28, 0, 30), Date.UTC(2018, 9, 28, 1, 30)];
    const both = (write: (instant: number) => string): string[] => [first, second].map(write);
    const vienna = 'Europe/Vienna';
    expect(both((at) => formatBucket(at, 'PT1M', vienna))).toEqual([
      'Sun 28 Oct 02:30 UTC+2',
      'Sun 28 Oct 02:30 UTC+1',
    ]);
    expect(both((at) => formatMoment(at, vienna))).toEqual(['28 Oct 02:30 UTC+2', '28 Oct 02:30 UTC+1']);
    expect(both((at) => formatStamp(at, vienna))).toEqual([
      '2018-10-28 02:30:00 UTC+2',
      '2018-10-28 02:30:00 UTC+1',
    ]);
    expect(formatRange({ from: first, to: second }, vienna)).toBe('28 Oct 2018 02:30 UTC+2–02:30 UTC+1');
    for (const at of [first - 3_600_000, second + 3_600_000])
      expect(formatBucket(at, 'PT1H', vienna)).not.toContain('UTC');
    // A day is one day, even with 23 or 25 hours.
    expect(formatBucket(Date.UTC(2018, 9, 27, 22), 'P1D', vienna)).toBe('Sun 28 Oct 2018');
    // Clocks change by half an hour at Lord Howe.
    const howe = (at: number): string => formatBucket(at, 'PT15M', 'Australia/Lord_Howe');
    expect([Date.UTC(2018, 3, 0, 14, 45), Date.UTC(2018, 2, 31, 15, 15)].map(howe)).toEqual([
      'Sun 1 Apr 01:45 UTC+11',
      'Sun 1 Apr 01:45 UTC+10:30',
    ]);
  });
});

describe('names', () => {
  it('are shown next to registered numbers', () => {
    expect([
      nameOf('dstport', 80),
      nameOf('protocol', 6),
      nameOf('tcp_flags', 18),
      nameOf('dstport', 1),
      nameOf('bytes', 80),
    ]).toEqual(['http', 'tcp', 'SYN ACK', null, null]);
    expect(valuesNamed('dstport', 'HTTPS')).toEqual([443, 8443]);
    expect([valueText('action', 'REJECT'), valueText('srcaddr', null), valueText('action', '')]).toEqual([
      'Rejected',
      'none',
      '(empty)',
    ]);
  });
});

it('values that reorder text or show nothing are written out', () => {
  expect(valueText('host', '\u202eevil')).toBe('\\u202eevil');
  expect(valueText('host', 'a\u0007b')).toBe('a\\x07b');
  expect([' ', '\u200b\u200b', ''].map((value) => valueText('host', value))).toEqual([
    '(blank, 1 character)',
    '(blank, 2 characters)',
    '(empty)',
  ]);
  expect(valueRuns('srcaddr', 'address', '10.0.0.1', '\u202ename').map(({ text }) => text)).toEqual([
    '10.0.0.1',
    ' \\u202ename',
  ]);
});
