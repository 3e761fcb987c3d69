import { describe, expect, it } from 'vitest';
import type { Clause } from '../../src/model/query/query.ts';
import { clauseOfDraft, draftOf, listed, typedValue } from './filter-draft.ts';

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
});
