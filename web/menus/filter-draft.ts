import type { Clause, Scalar } from '../../src/model/query/query.ts';
import { understandAddresses } from '../understand/addresses.ts';
import { understandBounds } from '../understand/range-bounds.ts';
import type { About, Meaning } from '../understand/meaning.ts';
import { understandNumbers } from '../understand/understand-numbers.ts';
import { understandExpression, understandPart } from '../understand/patterns.ts';
import { understandRanges, writeRange } from '../understand/understand-ranges.ts';
import { understandTexts } from '../understand/understand-texts.ts';

export type FilterMode = 'values' | 'contains' | 'matches' | 'cidr' | 'between' | 'ranges';

/** A filter being edited: the content of each pane of the menu. */
export interface FilterDraft {
  readonly mode: FilterMode;
  readonly not: boolean;
  /** The values that are chosen. */
  readonly values: readonly Scalar[];
  /** The text typed in addition. */
  readonly typed: string;
  /** Whether the text only searches the list, because a value was selected from it since. */
  readonly searching: boolean;
  readonly text: string;
  readonly pattern: string;
  readonly blocks: string;
  /** Ranges of time, one on each line. */
  readonly ranges: string;
  readonly low: string;
  readonly high: string;
}

/** The kinds of filters for a field of that type, the most common first. */
export function modesOf(type: string): readonly FilterMode[] {
  switch (type) {
    case 'address':
      return ['values', 'cidr', 'contains', 'matches'];
    case 'text':
      return ['values', 'contains', 'matches'];
    case 'counter':
      return ['between', 'values'];
    case 'integer':
      return ['values', 'between', 'contains', 'matches'];
    case 'time':
      return ['ranges'];
    default:
      return ['values'];
  }
}

export function draftOf(clause: Clause | null, type: string, timezone = 'Etc/UTC'): FilterDraft {
  const empty = {
    mode: modesOf(type)[0] ?? 'values',
    not: clause?.not ?? false,
    values: [],
    typed: '',
    searching: false,
    text: '',
    pattern: '',
    blocks: '',
    ranges: '',
    low: '',
    high: '',
  };
  switch (clause?.kind) {
    case undefined:
      return empty;
    case 'in':
      return { ...empty, mode: 'values', values: clause.values };
    case 'contains':
      return { ...empty, mode: 'contains', text: clause.text };
    case 'matches':
      return { ...empty, mode: 'matches', pattern: clause.pattern };
    case 'cidr':
      return { ...empty, mode: 'cidr', blocks: clause.blocks.join('\n') };
    case 'ranges':
      return {
        ...empty,
        mode: 'ranges',
        ranges: clause.ranges.map((range) => writeRange(range, timezone)).join('\n'),
      };
    case 'between':
      return { ...empty, mode: 'between', low: String(clause.low ?? ''), high: String(clause.high ?? '') };
  }
}

/** The meaning of a draft. `match`: the value in the list that the text matches; undefined: none. */
export function meaningOfDraft(draft: FilterDraft, about: About, match?: Scalar): Meaning {
  switch (draft.mode) {
    case 'values':
      return meaningOfValues(draft.searching ? '' : draft.typed, draft.values, about, match);
    case 'contains':
      return understandPart(draft.text, about);
    case 'matches':
      return understandExpression(draft.pattern, about);
    case 'cidr':
      return understandAddresses(draft.blocks, [], about);
    case 'ranges':
      return understandRanges(draft.ranges, about);
    case 'between':
      return understandBounds(draft.low, draft.high, about);
  }
}

function meaningOfValues(
  typed: string,
  chosen: readonly Scalar[],
  about: About,
  match: Scalar | undefined,
): Meaning {
  const values = match === undefined || about.type === 'text' ? chosen : [...new Set([...chosen, match])];
  const text = match === undefined ? typed : '';
  switch (about.type) {
    case 'address':
      return understandAddresses(text, values, about);
    case 'integer':
    case 'counter':
      return understandNumbers(text, values, about);
    default:
      return understandTexts(text, values, about, match);
  }
}

/** The filter of a draft; null: none. */
export function clauseOfDraft(draft: FilterDraft, meaning: Meaning): Clause | null {
  return meaning.kind === 'clause' ? { ...meaning.clause, not: draft.not } : null;
}
