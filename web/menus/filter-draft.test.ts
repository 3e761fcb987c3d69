import { describe, expect, it } from 'vitest';
import type { Clause } from '../../src/model/query/query.ts';
import { clauseOfDraft, draftOf, listed, readValues, typedValue } from './filter-draft.ts';

describe('a filter in the making', () => {
  it('opens as it was applied', () => {
    const clauses: Clause[] = [
      { kind: 'in', field: 'dstport', values: [80, null], not: true },
      { kind: 'contains', field: 'dstport', text: ' a', not: false },
      { kind: 'matches', field: 'dstport', pattern: '^x', not: false },
      { kind: 'cidr', field: 'dstport', blocks: ['10.0.0.0/8', '::/0'], not: true },
      { kind: 'between', field: 'dstport', low: null, high: 0, not: false },
    ];
    for (const clause of clauses) expect(clauseOfDraft(draftOf(clause), 'dstport')).toEqual(clause);
  });

  it('says what is missing', () => {
    const empty = draftOf(null);
    for (const mode of ['values', 'contains', 'matches', 'cidr', 'between'] as const) {
      expect(clauseOfDraft({ ...empty, mode }, 'x')).toMatch(/\.$/);
    }
    expect(clauseOfDraft({ ...empty, mode: 'between', low: '9', high: '1' }, 'x')).toMatch('more');
    expect(clauseOfDraft({ ...empty, mode: 'cidr', blocks: 'ten' }, 'x')).toMatch('ten');
  });

  it('takes pasted lists', () => {
    expect(listed('1.2.3.4\n5.6.7.8, 9.9.9.9 ', true)).toEqual(['1.2.3.4', '5.6.7.8', '9.9.9.9']);
    expect(listed('two words\r\nmore', false)).toEqual(['two words', 'more']);
    expect(typedValue('80', 'integer')).toBe(80);
    expect(typedValue('http', 'integer')).toBeUndefined();
    expect(typedValue('80', 'text')).toBe('80');
  });

  it('takes lists of numbers with ranges and names, and says what it can’t read', () => {
    const ports = (text: string) => readValues(text, 'dstport', 'integer');
    expect(ports('22,80, 8000-8003\n443')).toEqual({
      values: [22, 80, 8000, 8001, 8002, 8003, 443],
      unread: [],
    });
    expect(ports('1–3, 2..4, telnet')).toEqual({ values: [1, 2, 3, 4, 23], unread: [] });
    expect(ports('22, nonsense, 9-1, 1-99999999')).toEqual({
      values: [22],
      unread: ['nonsense', '9-1', '1-99999999'],
    });
    expect(readValues('1.2.3.4 1-2', 'srcaddr', 'address')).toEqual({
      values: ['1.2.3.4', '1-2'],
      unread: [],
    });
  });
});
