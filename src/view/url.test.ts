import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MeasureName } from '../model/catalog/measure-expression.ts';
import { measures } from '../model/catalog/measures.ts';
import type { Clause, Split } from '../model/query/query.ts';
import { readUrl, writeUrl } from './url.ts';
import { type SplitChoice, type TimeChoice, type View, defaultView, lineStyles } from './view.ts';
import { visualizations } from './visualizations.ts';

const texts = ['srcaddr', 'dstaddr', 'account_id', 'instance_tag'];
const numbers = ['srcport', 'dstport', 'protocol'];
const vocabulary = (field: string): 'text' | 'other' | null =>
  texts.includes(field)
    ? 'text'
    : numbers.includes(field) || field === 'time' || field === 'odd field'
      ? 'other'
      : null;

/** Hostile texts. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    'null',
    'true',
    '12',
    '-1.5e9',
    '"',
    '\\',
    '\u0000',
    '\ud800',
    'a,b',
    '~',
    '&f=x',
    '#',
    '%',
    '+',
    ' ',
    '..',
    '\r\n',
    '<script>',
    '!x:y',
    'é',
    'e\u0301',
    '\u2028',
  ),
);
const not = fc.boolean();
const textField = fc.constantFrom(...texts, 'odd field');
const numberField = fc.constantFrom(...numbers);
const bound = fc.option(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constant(0.5)), { nil: null });

const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({
    kind: fc.constant('in' as const),
    field: textField,
    values: fc.array(fc.oneof(hostile, fc.constant(null))),
    not,
  }),
  fc.record({
    kind: fc.constant('in' as const),
    field: numberField,
    values: fc
      .array(
        fc.oneof(
          fc.maxSafeInteger().map((value) => [value]),
          // Values next to each other, and texts that resemble them.
          fc.integer({ min: -5, max: 65_535 }).map((low) => [low, low + 1, low + 2, low + 3]),
          fc.constantFrom(null, true, false, '8000..8100', '80').map((value) => [value]),
          hostile.map((value) => [value]),
        ),
      )
      .map((lists) => lists.flat()),
    not,
  }),
  fc.record({ kind: fc.constant('contains' as const), field: textField, text: hostile, not }),
  fc.record({ kind: fc.constant('matches' as const), field: textField, pattern: hostile, not }),
  fc.record({ kind: fc.constant('cidr' as const), field: textField, blocks: fc.array(hostile), not }),
  fc.record({ kind: fc.constant('between' as const), field: numberField, low: bound, high: bound, not }),
);

const bucket: fc.Arbitrary<Split['bucket']> = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('number' as const), width: fc.integer({ min: 1, max: 1e9 }) }),
  fc.record({
    kind: fc.constant('time' as const),
    duration: fc.constantFrom('PT1M', 'PT1H', 'P1D', 'P1W', 'P1Y2M3DT4H5M6S'),
  }),
);
const split: fc.Arbitrary<SplitChoice> = fc
  .constantFrom(...texts, ...numbers, 'time', 'odd field')
  .chain((field) =>
    fc.record({
      field: fc.constant(field),
      bucket,
      limit: fc.option(fc.constantFrom(5, 50, 1000), { nil: null }),
      sort: fc.option(
        fc.record({ by: fc.constant(field), order: fc.constantFrom('asc' as const, 'desc' as const) }),
        { nil: null },
      ),
    }),
  );
const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 0, 1) });
const time: fc.Arbitrary<TimeChoice> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.constantFrom('PT1H', 'P7D', 'P1M').map((last) => ({ kind: 'last' as const, last })),
  fc
    .tuple(instant, fc.integer({ min: 1, max: 1e10 }))
    .map(([from, length]) => ({ kind: 'absolute' as const, from, to: from + length })),
);
const view: fc.Arbitrary<View> = fc
  .record({
    lines: fc.constantFrom(null, ...lineStyles),
    time,
    filters: fc.array(clause, { maxLength: 5 }),
    having: fc.uniqueArray(
      fc
        .record({ measure: fc.constantFrom<MeasureName>('flows', 'rejected_share'), low: bound, high: bound })
        .filter(({ low, high }) => low !== null || high !== null),
      { selector: (each) => each.measure },
    ),
    pins: fc.uniqueArray(fc.constantFrom(...texts, ...numbers)),
    compare: fc.constantFrom(null, 'previous' as const, { shift: 'P7D' }, { shift: 'P1M' }),
    splits: fc.uniqueArray(split, { selector: (each) => each.field, maxLength: 4 }),
    measures: fc.uniqueArray(fc.constantFrom<MeasureName>(...measures.map((measure) => measure.name)), {
      minLength: 1,
    }),
    chartMeasure: fc.option(fc.nat(), { nil: null }),
    visualization: fc.option(fc.constantFrom(...visualizations), { nil: null }),
    percent: fc.constantFrom(null, 'total' as const, 'parent' as const),
    recordsOrder: fc.option(
      fc.record({
        field: fc.constantFrom('bytes', 'dstport', 'odd field', '~"'),
        order: fc.constantFrom('asc' as const, 'desc' as const),
      }),
      { nil: null },
    ),
    timezone: fc.constantFrom('Etc/UTC', 'Europe/Vienna', 'America/Argentina/Buenos_Aires'),
  })
  .map((made) => ({
    ...made,
    chartMeasure:
      made.chartMeasure === null ? null : (made.measures[made.chartMeasure % made.measures.length] ?? null),
  }));

const base = defaultView('Etc/UTC');

describe('the view in the URL', () => {
  it('is the same after writing and reading, for any values', () => {
    fc.assert(
      fc.property(view, (value) => {
        const url = new URL(`http://127.0.0.1/${writeUrl(value, vocabulary)}`);
        expect(readUrl(url.search, base, vocabulary)).toEqual({ view: value, notices: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, for any URL', () => {
    const word = fc.oneof(
      hostile,
      fc.constantFrom(
        'f=',
        'f=dstport.between:x..',
        'split=time~',
        '&',
        'm=',
        'from=2018',
        'v=9',
        'tz=Nowhere',
        'f=srcaddr:"',
      ),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const { view: read } = readUrl(`?${words.join('')}`, base, vocabulary);
        expect(read.measures.length).toBeGreaterThan(0);
      }),
    );
  });

  it('reads and writes readable URLs', () => {
    const search =
      '?v=1&last=P7D&f=action:REJECT&f=!dstaddr.cidr:10.0.0.0/8&f=dstport.between:1..1023&split=srcaddr~50&split=time~PT1H&m=flows,bytes&tz=Etc/UTC';
    const know = (field: string): 'text' | 'other' =>
      field === 'dstport' || field === 'time' ? 'other' : 'text';
    const { view: read, notices } = readUrl(search, base, know);
    expect(notices).toEqual([]);
    expect(read.filters).toEqual([
      { kind: 'in', field: 'action', values: ['REJECT'], not: false },
      { kind: 'cidr', field: 'dstaddr', blocks: ['10.0.0.0/8'], not: true },
      { kind: 'between', field: 'dstport', low: 1, high: 1023, not: false },
    ]);
    expect(read.splits[1]).toEqual({
      field: 'time',
      bucket: { kind: 'time', duration: 'PT1H' },
      limit: null,
      sort: null,
    });
    expect(writeUrl(read, know)).toBe(search);
  });

  it('names the parts that it could not read, and keeps the rest', () => {
    const { view: read, notices } = readUrl(
      '?v=1&last=soon&f=nothing:1&f=srcaddr:1.2.3.4&m=flows,joy&zz=1',
      base,
      vocabulary,
    );
    expect(read.filters).toHaveLength(1);
    expect(read.measures).toEqual(['flows']);
    expect(read.time).toEqual(base.time);
    expect(notices).toHaveLength(4);
  });
});
