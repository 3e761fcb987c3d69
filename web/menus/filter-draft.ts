import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { nameOf, valuesNamed } from '../format/names.ts';
import { numbersOf } from '../state/runs.ts';

export type FilterMode = 'values' | 'contains' | 'matches' | 'cidr' | 'between';

/** A filter that is being made: what each of the menu's panes holds. */
export interface FilterDraft {
  readonly mode: FilterMode;
  readonly not: boolean;
  readonly values: readonly Scalar[];
  readonly text: string;
  readonly pattern: string;
  readonly blocks: string;
  readonly low: string;
  readonly high: string;
}

/** What a field of that type can be filtered by. */
export function modesOf(type: string): readonly FilterMode[] {
  switch (type) {
    case 'address':
      return ['values', 'cidr', 'contains', 'matches'];
    case 'text':
      return ['values', 'contains', 'matches'];
    case 'integer':
    case 'counter':
    case 'number':
      return ['values', 'between'];
    default:
      return ['values'];
  }
}

export function draftOf(clause: Clause | null): FilterDraft {
  const empty = {
    mode: 'values' as const,
    not: clause?.not ?? false,
    values: [],
    text: '',
    pattern: '',
    blocks: '',
    low: '',
    high: '',
  };
  switch (clause?.kind) {
    case undefined:
      return empty;
    case 'in':
      return { ...empty, values: clause.values };
    case 'contains':
      return { ...empty, mode: 'contains', text: clause.text };
    case 'matches':
      return { ...empty, mode: 'matches', pattern: clause.pattern };
    case 'cidr':
      return { ...empty, mode: 'cidr', blocks: clause.blocks.join('\n') };
    case 'between':
      return { ...empty, mode: 'between', low: String(clause.low ?? ''), high: String(clause.high ?? '') };
  }
}

/** The filter that a draft means, or what is still missing, as a sentence. */
export function clauseOfDraft(draft: FilterDraft, field: string): Clause | string {
  const { not } = draft;
  switch (draft.mode) {
    case 'values':
      return draft.values.length === 0
        ? 'Choose at least one value.'
        : { kind: 'in', field, values: draft.values, not };
    case 'contains':
      return draft.text === ''
        ? 'Write a part of the text; upper and lower case are alike.'
        : { kind: 'contains', field, text: draft.text, not };
    case 'matches':
      return draft.pattern === ''
        ? 'Write a regular expression (RE2).'
        : { kind: 'matches', field, pattern: draft.pattern, not };
    case 'cidr': {
      const blocks = listed(draft.blocks, true);
      const bad = blocks.find(
        (block) => !/^[\d.]+(\/\d{1,2})?$|^[\da-f:.]*:[\da-f:.]*(\/\d{1,3})?$/i.test(block),
      );
      if (bad !== undefined) return `“${bad}” is no block such as 10.0.0.0/8.`;
      return blocks.length === 0
        ? 'Write blocks such as 10.0.0.0/8, one a line.'
        : { kind: 'cidr', field, blocks, not };
    }
    case 'between': {
      const [low, high] = [bound(draft.low), bound(draft.high)];
      if (low === undefined || high === undefined)
        return 'Both ends are numbers; leave one empty for no end.';
      if (low === null && high === null) return 'Write at least one end; both ends belong to the range.';
      if (low !== null && high !== null && low > high) return 'From must not be more than to.';
      return { kind: 'between', field, low, high, not };
    }
  }
}

/** The items of a pasted list, one a line or with commas between; for addresses spaces part them too. */
export function listed(text: string, spaces: boolean): readonly string[] {
  return text
    .split(spaces ? /[\s,;]+/ : /[\n\r\t,]+/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The values of a written list, and what of it is none. Numbers may be ranges (`8000-8100`) or registered names. */
export function readValues(
  text: string,
  field: string,
  type: string,
): { readonly values: readonly Scalar[]; readonly unread: readonly string[] } {
  const values: Scalar[] = [];
  const unread: string[] = [];
  for (const item of listed(text, type === 'address')) {
    const found = type === 'text' || type === 'address' ? [item] : numbersIn(item, field, type);
    if (found.length === 0) unread.push(item);
    values.push(...found);
  }
  return { values: [...new Set(values)], unread };
}

function numbersIn(item: string, field: string, type: string): readonly Scalar[] {
  const run = /^(\d+)\s*(?:-|–|\.\.)\s*(\d+)$/.exec(item);
  if (run !== null) return numbersOf({ low: Number(run[1]), high: Number(run[2]) }) ?? [];
  const value = typedValue(item, type);
  if (value !== undefined) return [value];
  const name = item.toLowerCase();
  return valuesNamed(field, name).filter((each) => nameOf(field, each)?.toLowerCase() === name);
}

/** The value that a typed text means for a field of that type; undefined: none. */
export function typedValue(text: string, type: string): Scalar | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (type === 'text' || type === 'address') return trimmed;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : undefined;
}

function bound(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : undefined;
}
