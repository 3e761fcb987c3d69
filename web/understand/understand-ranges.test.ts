import { expect, test } from 'vitest';
import { understandRanges, writeRange } from './understand-ranges.ts';

const about = { field: 'time', timezone: 'Europe/Berlin' };
const span = (from: string, to: string): object => ({ from: Date.parse(from), to: Date.parse(to) });

test('ranges and whole days, one on each line, as clocks read; a day may be 25 hours', () => {
  const meaning = understandRanges(
    '2018-10-28\n2018-10-29 08:00 to 2018-10-29 12:30\n2018-11-01 to 2018-11-02',
    about,
  );
  expect(meaning).toMatchObject({
    clause: {
      kind: 'ranges',
      field: 'time',
      ranges: [
        span('2018-10-27T22:00Z', '2018-10-28T23:00Z'),
        span('2018-10-29T07:00Z', '2018-10-29T11:30Z'),
        span('2018-10-31T23:00Z', '2018-11-02T23:00Z'),
      ],
    },
  });
});

test('written ranges parse to the same ranges', () => {
  const range = { from: Date.parse('2018-10-28T00:30:05Z'), to: Date.parse('2018-10-28T01:30:00Z') };
  expect(understandRanges(writeRange(range, about.timezone), about)).toMatchObject({
    clause: { ranges: [range] },
  });
});

test.each(['tomorrow', '2018-06-20 08:00', '2018-06-20 to 2018-06-19', '2018-06-31'])(
  '%s is not a range',
  (text) => {
    expect(understandRanges(text, about).kind).toBe('fault');
  },
);
