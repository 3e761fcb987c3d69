import type { Clause } from '../../src/model/query/query.ts';

/** The field that a filter is made for, and what is known that may help to understand what is typed. */
export interface About {
  readonly field: string;
  readonly label: string;
  /** As in the schema: `address`, `text`, `integer`, `counter`. */
  readonly type: string;
  readonly unit: string | null;
  /** Of the clocks that times are written by. */
  readonly timezone: string;
  /** The names that the inventory gives addresses now. */
  readonly names: ReadonlyMap<string, string>;
  /** The field that tells whether this end is internal; null: there is none. */
  readonly side: string | null;
  /** Says what is wrong with a regular expression (null: nothing); null: it can't tell yet. */
  readonly judge: ((pattern: string) => string | null) | null;
}

/** What was typed or chosen, as a filter, or why it is none. */
export type Meaning =
  /** Nothing is there yet; `hint` says what could be. */
  | { readonly kind: 'nothing'; readonly hint: string }
  /** It can't be applied. */
  | { readonly kind: 'fault'; readonly why: string }
  | {
      readonly kind: 'clause';
      readonly clause: Clause;
      /** What it will do, in one line. `found`: how many values of the field it leaves; null: not counted yet. */
      readonly summary: (found: number | null) => string;
      /** Whether the engine has the last word: it is an expression. `read`: whether the page could read it. */
      readonly unproved?: 'read' | 'unread';
    };

export function fault(why: string): Extract<Meaning, { kind: 'fault' }> {
  return { kind: 'fault', why };
}

/** Text as it was typed, between quotation marks, cut short. */
export function quoted(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
