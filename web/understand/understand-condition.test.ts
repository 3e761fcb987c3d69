import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measures } from '../../src/model/catalog/measures.ts';
import { formatQuery } from '../../src/model/query/format-query.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { havingWords } from '../../src/view/having.ts';
import { understandCondition } from './understand-condition.ts';

const ends = (low: string, high: string, unit = 'count'): unknown => {
  const meaning = understandCondition(low, high, unit);
  return meaning.kind === 'condition' ? [meaning.low, meaning.high] : meaning;
};
const why = (low: string, high: string, unit = 'count'): string => {
  const meaning = understandCondition(low, high, unit);
  return meaning.kind === 'fault' ? meaning.why : meaning.kind;
};

describe('a condition on a measure', () => {
  it('takes amounts as people write them, and a whole range in one field', () => {
    expect(ends('1000', '')).toEqual([1000, null]);
    expect(ends('2k', '1,000,000')).toEqual([2000, 1_000_000]);
    expect(ends('1k-5M', '')).toEqual([1000, 5_000_000]);
    expect(ends('>1000', '')).toEqual([1001, null]);
    expect(ends('>= 1000', '')).toEqual([1000, null]);
    expect(ends('', '<10')).toEqual([null, 9]);
    expect(ends('1.5 MB', '', 'bytes')).toEqual([1_500_000, null]);
    expect(ends('5%', '', 'share')).toEqual([0.05, null]);
    expect(ends('0.5', '1', 'share')).toEqual([0.5, 1]);
    expect(ends('50', '', 'share')).toEqual([0.5, null]);
    // Right beside the number, which is left out, and the words say so.
    expect(ends('>2.5', '', 'per_hour')).toEqual([2.5 + 2 ** -51, null]);
    expect(ends('<1k', '', 'bytes')).toEqual([null, 1000 - 2 ** -43]);
    expect(ends('>0', '', 'share')).toEqual([2 ** -1074, null]);
  });

  it('is said in words', () => {
    const words = (low: string, high: string, unit: string): string => {
      const meaning = understandCondition(low, high, unit);
      return meaning.kind === 'condition' ? meaning.words.replaceAll('\u202f', ' ') : meaning.kind;
    };
    expect(words('50%', '', 'share')).toBe('50.0 % or more');
    expect(words('>50%', '', 'share')).toBe('more than 50.0 %');
    expect(words('>0', '', 'share')).toBe('more than 0 %');
    expect(havingWords({ low: 2 ** -1074, high: 0.5 }, 'share', ' to ').replaceAll('\u202f', ' ')).toBe(
      'more than 0 %, up to 50.0 %',
    );
    expect(words('', '<0.1', 'ratio')).toBe('less than 0.1');
    expect(words('', '0.3333333333333333', 'ratio')).toBe('up to 0.333');
    expect(words('>5', '', 'count')).toBe('6 or more');
    expect(words('1', '2', 'count')).toBe('1 to 2');
  });

  it('says why it is none', () => {
    expect(why('', '')).toBe('nothing');
    expect(why('many', '')).toBe('“many” is not a number, such as 1000 or 2k.');
    expect(why('9', '1')).toBe('From must not be greater than to.');
    expect(why('-1', '')).toBe('“-1” is negative; values here can’t be.');
    expect(why('5%', '')).toBe('“5%” is a share; this is an amount.');
    expect(why('500', '', 'share')).toBe('A share is at most 100 %.');
  });

  it('is always one that a query takes', () => {
    const text = fc.oneof(
      fc.constantFrom('', '1k', '>5', '<=2M', '5%', '1-2', 'x', '1e300', '0.5', '-0', '-.0%'),
      fc.double().map(String),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...measures), text, text, ({ name, unit }, low, high) => {
        const meaning = understandCondition(low, high, unit);
        if (meaning.kind !== 'condition') return;
        const having = [{ measure: name, low: meaning.low, high: meaning.high }];
        const json = JSON.parse(JSON.stringify(formatQuery({ ...parseQuery({}), having }))) as unknown;
        expect(parseQuery(json).having).toEqual(having);
      }),
      { numRuns: 1000 },
    );
  });
});
