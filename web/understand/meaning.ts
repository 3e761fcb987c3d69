import type { Clause } from '../../src/model/query/query.ts';

/** The field of a filter, and what is known about it to interpret typed text. */
export interface About {
  readonly field: string;
  readonly label: string;
  /** As in the schema: `address`, `text`, `integer`, `counter`. */
  readonly type: string;
  readonly unit: string | null;
  /** The time zone of typed times. */
  readonly timezone: string;
  /** The current names of addresses in the inventory. */
  readonly names: ReadonlyMap<string, string>;
  /** The field that says whether this end is internal; null: none. */
  readonly side: string | null;
  /** Validates a regular expression (gives the error or null); null: not loaded yet. */
  readonly judge: ((pattern: string) => string | null) | null;
}

/** Typed or selected values as a filter, or why it is invalid. */
export type Meaning =
  /** Empty; `hint` says what can be typed. */
  | { readonly kind: 'nothing'; readonly hint: string }
  /** Invalid. */
  | { readonly kind: 'fault'; readonly why: string }
  | {
      readonly kind: 'clause';
      readonly clause: Clause;
      /** What it will do, in one line. `found`: how many values of the field match; null: not counted yet. */
      readonly summary: (found: number | null) => string;
      /** Whether only the engine can validate it: it is a regular expression. `read`: whether the page could parse it. */
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
