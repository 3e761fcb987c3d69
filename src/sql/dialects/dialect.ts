import type { DerivedField } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { AddressBlock } from '../../model/query/address-block.ts';
import type { Cell } from '../../model/query/answer.ts';
import type { Scalar } from '../../model/query/query.ts';
import type { Binder } from '../binder.ts';
import type { Database } from './database.ts';

/**
 * What one engine's SQL says differently, and how records lie in it. Everything else is made once,
 * in `plan/`. Texts passed in are SQL expressions already; values are bound, never pasted.
 *
 * Predicates may be null where the column is null; `plan/condition.ts` settles what that means.
 */
export interface Dialect {
  readonly name: Database;
  /** The tables: flows, and which hours there are logs for (`hour`, `flows`, `nodata`, `skipdata`). */
  readonly tables: { readonly flows: string; readonly loggedHours: string };
  /** Follows a common table's name: its rows are made once, however often they are read. */
  readonly materialized: string;
  /** A column that tells apart, and orders, rows that are equal in everything else. */
  readonly rowId: string;
  quote(identifier: string): string;
  /** What stands for a parameter: its place, counted from 1, and its type. */
  placeholder(position: number, type: string): string;
  /** Names a type for a bound or cast value. */
  readonly types: { readonly seconds: string; readonly whole: string; readonly real: string };

  /** An aggregate: the sum of whole numbers, exact however large; null if none is there. */
  sum(expression: string): string;
  /** Whole-number division of a number that is not negative. */
  divide(dividend: string, divisor: number): string;
  /** Equality under which null equals null. */
  same(left: string, right: string): string;
  /** A table with one column, `i`: 0 to count - 1. */
  series(count: number): string;

  /** An aggregate: the n-th largest (`desc`) or smallest value of a group; null if it has fewer that are not null. */
  nthBest(expression: string, order: 'asc' | 'desc', n: number): string;

  isOneOf(field: Field, column: string, values: readonly NonNullable<Scalar>[], binder: Binder): string;
  between(field: Field, column: string, low: number | null, high: number | null, binder: Binder): string;
  inBlocks(column: string, blocks: readonly AddressBlock[], rows: () => string, binder: Binder): string;
  /** Case-insensitive substring of the value's text. `rows()` (`flow WHERE …`) holds all values that matter. */
  contains(field: Field, column: string, text: string, rows: () => string, binder: Binder): string;
  /** RE2, case-sensitive, anywhere in the value's text. */
  matches(field: Field, column: string, pattern: string, rows: () => string, binder: Binder): string;

  /**
   * A FROM text: a table of flows with derived fields as columns beside the stored ones (`columns`). `varied`: whether
   * what is known of some address depends on when it is met, or by whom.
   */
  withDerived(
    table: string,
    derived: readonly DerivedField[],
    columns: ReadonlySet<string>,
    varied: boolean,
  ): string;

  /** Where a filter can look up, once an address, which of them a derived field's value is of; null: nowhere. */
  lookup(field: DerivedField, varied: boolean): Lookup | null;

  /** How a stored key becomes what people read and sort by. `ipv6`: whether the store has IPv6 addresses. */
  reveal(field: Field, key: string, alias: string, ipv6: boolean): Revealed;
  /** The cell for a key and the text that `reveal` selected for it. */
  cell(field: Field, key: unknown, text: unknown): Cell;
}

/** A table of addresses: which of them, at an end of a flow, a condition on what is known holds for. */
export interface Lookup {
  readonly table: string;
  /** Its columns: the address's key, and the field's value. */
  readonly key: string;
  readonly value: string;
  /** The stored field that the keys are of. */
  readonly end: string;
  /** A condition on rows of which the value may be another; null: there are none. */
  readonly unsure: string | null;
}

export interface Revealed {
  /** A join that `text` and `order` need, or ''. */
  readonly join: string;
  /** Whether there may be so many keys that it pays to join only those that may be shown. */
  readonly many: boolean;
  /** An expression that `cell` needs beside the key, or null. */
  readonly text: string | null;
  /** Expressions that order keys as their values are ordered; nulls are dealt with outside. */
  readonly order: readonly string[];
}
