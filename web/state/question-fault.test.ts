import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clause, Query, Split } from '../../src/model/query/query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { faultyPath, questionFault } from './question-fault.ts';

const base = parseQuery({});
const labels = {
  dimension: (name: string) =>
    name === 'time' ? 'Time' : `The ${name.replace(/^(src|dst)/, '$1 ').replaceAll('_', ' ')}`,
  measure: (name: string) => name,
};
const told = (part: Partial<Query>): string | null => {
  const query = { ...base, ...part };
  const path = faultyPath(query);
  if (path === null) return null;
  const { about, why } = questionFault(query, path, labels);
  return about === null ? why : `${about}: ${why}`;
};
const split = (part: Partial<Split>): Partial<Query> => ({
  splits: [{ field: 'srcaddr', bucket: null, limit: 5, sort: { by: 'flows', order: 'desc' }, ...part }],
});

describe('a question that can’t be asked', () => {
  // prettier-ignore
  const refused: readonly (readonly [Clause, string])[] = [
    [{ kind: 'in', field: 'dstport', values: [80, 'abc'], not: false }, 'The dst port: “abc” is not a whole number.'],
    [{ kind: 'in', field: 'srcaddr', values: ['10.0.0.0/24'], not: false }, 'The src addr: “10.0.0.0/24” is not an IPv4 or IPv6 address.'],
    [{ kind: 'cidr', field: 'srcaddr', blocks: ['10.0.0.0/99'], not: true }, 'The src addr: “10.0.0.0/99” is not a block of addresses such as 10.0.0.0/8.'],
    [{ kind: 'cidr', field: 'dstport', blocks: ['10.0.0.0/9'], not: true }, 'The dst port: It is not an address: it can’t be filtered by blocks of addresses.'],
    [{ kind: 'between', field: 'action', low: 1, high: 2, not: false }, 'The action: It is not a number: it can’t be filtered by a range.'],
    [{ kind: 'between', field: 'bytes', low: 3, high: 2, not: false }, 'The bytes: The range is reversed.'],
    [{ kind: 'contains', field: 'bytes', text: '1', not: false }, 'The bytes: It is not a text: it can’t be filtered by a part of it.'],
    [{ kind: 'in', field: 'bytes', values: [2n ** 64n], not: false }, 'The bytes: “18446744073709551616” is too large.'],
    [{ kind: 'in', field: 'end', values: [1e17], not: false }, 'The end: “100000000000000000” is not a time.'],
  ];

  it('names the dimension of a filter, and says what of it can’t be', () => {
    for (const [clause, words] of refused) expect(told({ filter: [clause] })).toBe(words);
  });

  it('names splits, times, comparing and zones as the page does', () => {
    expect(told(split({ field: 'bytes' }))).toBe(
      'Split by The bytes: It is an amount, which can only be split into ranges. Choose their width.',
    );
    expect(told(split({ field: 'time', bucket: { kind: 'time', duration: 'PT7M' } }))).toBe(
      'Split by Time: Time can’t be split by 7 minutes: an hour, a day or a year must be a whole number of them.',
    );
    expect(told(split({ bucket: { kind: 'number', width: 10 } }))).toContain('it can’t be split into ranges');
    expect(told(split({ limit: 999_999 }))).toContain('A split shows at most 100,000 values.');
    expect(
      told({ splits: Array.from({ length: 9 }, () => split({}).splits?.[0]).flatMap((each) => each ?? []) }),
    ).toBe('A view has at most 8 splits.');
    expect(told({ time: { kind: 'last', last: 'P99999Y' } })).toBe('Time: It reaches too far back.');
    expect(told({ time: { kind: 'absolute', from: 2, to: 1 } })).toBe('Time: It ends before it begins.');
    expect(told({ time: { kind: 'absolute', from: 0, to: 8e15 } })).toContain('years have four digits');
    expect(told({ compare: { shift: 'P1D' } })).toContain('There is no period before all time');
    expect(told({ time: { kind: 'last', last: 'P1D' }, compare: { shift: 'P99999Y' } })).toContain(
      'out of range',
    );
    expect(told({ timezone: 'Mars/Olympus' })).toBe(
      'Time zone: The server knows no time zone “Mars/Olympus”.',
    );
    expect(told({ having: [{ measure: 'flows', low: 2, high: 1 }] })).toBe('flows: The range is reversed.');
    expect(
      told({
        filter: Array.from(
          { length: 101 },
          () => ({ kind: 'in', field: 'action', values: [], not: false }) as const,
        ),
      }),
    ).toBe('A view has at most 100 filters.');
  });

  it('says what the engine says of an expression', () => {
    const filter: readonly Clause[] = [{ kind: 'matches', field: 'action', pattern: '[', not: false }];
    expect(faultyPath({ ...base, filter })).toBeNull();
    expect(questionFault({ ...base, filter }, 'filter', labels, 'missing ]: [')).toEqual({
      about: 'The action',
      why: '“[” is not a regular expression: missing ]: [.',
    });
  });

  it('never says it in the words of programs', () => {
    const path = fc
      .tuple(
        fc.constantFrom(
          'filter',
          'selection',
          'having',
          'splits',
          'time',
          'compare',
          'earlier',
          'measures',
          'timezone',
          'order',
          'other',
          '',
        ),
        fc.constantFrom('', '[0]', '[1]', '[7]'),
        fc.constantFrom(
          '',
          '.in[0]',
          '.in[9]',
          '.cidr[0]',
          '.cidr',
          '.between',
          '.bucket',
          '.limit',
          '.sort.by',
          '.sort',
          '.from',
          '.last',
          '.shift',
          '.matches',
          '.contains',
          '.not',
        ),
      )
      .map((parts) => parts.join(''));
    const clause = fc.constantFrom<Clause>(
      { kind: 'in', field: 'dstport', values: ['x'], not: false },
      { kind: 'cidr', field: 'src_side', blocks: ['y'], not: false },
      { kind: 'between', field: 'action', low: null, high: 2, not: false },
      { kind: 'matches', field: 'dstaddr', pattern: '(', not: false },
    );
    fc.assert(
      fc.property(path, fc.array(clause, { maxLength: 2 }), fc.boolean(), (at, filter, timed) => {
        const query: Query = {
          ...base,
          filter,
          time: timed ? { kind: 'last', last: 'P1D' } : null,
          splits: [
            {
              field: 'time',
              bucket: { kind: 'number', width: 3 },
              limit: 1,
              sort: { by: 'joy', order: 'asc' },
            },
          ],
        };
        const { about, why } = questionFault(query, at, labels);
        expect(`${about ?? ''} ${why}`).not.toMatch(
          /\[\d|_|bad|undefined|NaN|null|cidr|between|splits\b(?!\.)/,
        );
        expect(why).toMatch(/^[“A-Z].*\.$/);
      }),
    );
  });
});
