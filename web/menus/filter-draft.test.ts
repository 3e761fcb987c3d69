import { describe, expect, it } from 'vitest';
import type { Clause } from '../../src/model/query/query.ts';
import type { About } from '../understand/meaning.ts';
import { clauseOfDraft, draftOf, meaningOfDraft, modesOf } from './filter-draft.ts';

const about = (field: string, type: string): About => ({
  field,
  label: 'It',
  type,
  unit: null,
  names: new Map(),
  side: null,
  timezone: 'Etc/UTC',
  judge: null,
});

describe('a filter in the making', () => {
  it('opens as it was applied', () => {
    const clauses: readonly (readonly [type: string, clause: Clause])[] = [
      ['integer', { kind: 'in', field: 'dstport', values: [80, null], not: true }],
      ['text', { kind: 'contains', field: 'dst_name', text: ' a', not: false }],
      ['text', { kind: 'matches', field: 'dst_name', pattern: '^x', not: false }],
      ['address', { kind: 'cidr', field: 'dstaddr', blocks: ['10.0.0.0/8', '::/0'], not: true }],
      ['integer', { kind: 'between', field: 'dstport', low: null, high: 0, not: false }],
      ['counter', { kind: 'between', field: 'bytes', low: 10, high: 2000, not: false }],
    ];
    for (const [type, clause] of clauses) {
      const draft = draftOf(clause, type);
      expect(clauseOfDraft(draft, meaningOfDraft(draft, about(clause.field, type)))).toEqual(clause);
    }
  });

  it('opens amounts on a range, and everything else on its values', () => {
    expect(modesOf('counter')[0]).toBe('between');
    expect(draftOf(null, 'counter').mode).toBe('between');
    for (const type of ['address', 'text', 'integer']) expect(draftOf(null, type).mode).toBe('values');
  });

  it('says what could be written where nothing is', () => {
    for (const type of ['address', 'text', 'integer', 'counter']) {
      for (const mode of modesOf(type)) {
        const draft = { ...draftOf(null, type), mode };
        const meaning = meaningOfDraft(draft, about('dstport', type));
        expect(meaning.kind).toBe('nothing');
        expect(clauseOfDraft(draft, meaning)).toBeNull();
      }
    }
  });

  it('takes what is typed beside the values that are chosen, and the option that stands for it', () => {
    const ports = { ...draftOf(null, 'integer'), values: [22], typed: '8000-8001' };
    const made = (draft: typeof ports, match?: number): unknown => {
      const meaning = meaningOfDraft(draft, about('dstport', 'integer'), match);
      return meaning.kind === 'clause' && meaning.clause.kind === 'in' ? meaning.clause.values : meaning;
    };
    expect(made(ports)).toEqual([22, 8000, 8001]);
    expect(made(ports, 443)).toEqual([22, 443]);
    // What was typed only to find a value is none.
    expect(made({ ...ports, searching: true })).toEqual([22]);
    const names = { ...draftOf(null, 'text'), values: ['a'], typed: 'met' };
    const meaning = meaningOfDraft(names, about('dst_name', 'text'), 'metrics');
    expect(clauseOfDraft(names, meaning)).toMatchObject({ values: ['a', 'metrics'] });
  });
});
