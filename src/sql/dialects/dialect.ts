import type { DerivedWord } from '../derived/enrichment-layout.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { AddressBlock } from '../../model/query/address-block.ts';
import type { Cell } from '../../model/query/answer.ts';
import type { Scalar } from '../../model/query/query.ts';
import type { Binder, ValueWords } from '../binder.ts';
import type { Key } from '../key.ts';
import type { Rollup } from '../plan/rollup.ts';
import type { DatabaseName } from '../../model/databases.ts';
import type { FlowNeed } from '../flow-need.ts';

/** The tables that statements read. */
interface Tables {
  readonly flows: string;
  /** The rollup by the hour (`rollups`), with every field but source ports and TCP flags. */
  readonly flowHours: string;
  /** The same without addresses and ports, where there is such a table; else `flowHours`. */
  readonly interfaceHours: string;
  /** NODATA and SKIPDATA records. */
  readonly coverage: string;
  /** Which hours there are logs for (`hour`, `flows`, `nodata`, `skipdata`). */
  readonly loggedHours: string;
  /** Facts about addresses and ports (`derived/enrichment-layout.ts`). */
  readonly enrichment: {
    readonly address: string;
    readonly addressPeriod: string;
    readonly port: string;
    readonly conversation: string;
  };
}

/**
 * What one engine's SQL says differently, and how records lie in it. Everything else is made once,
 * in `plan/`. Texts passed in are SQL expressions already; values are bound, never pasted;
 * of whole numbers each engine says whether they are.
 *
 * Predicates may be null where the column is null; `plan/condition.ts` settles what that means.
 */
export interface Dialect extends ValueWords {
  readonly name: DatabaseName;
  readonly tables: Tables;
  /**
   * The name of a table with the flows that a statement needs, which is filled before the statement runs. Absent: `tables` have all
   * flows. Then `tables.flows` and `tables.flowHours` must not be read otherwise (`flow-rows.ts`).
   */
  readonly fetchedFlows?: (need: FlowNeed<Dialect>) => string;
  /** Tables that hold flows added up, smallest first. */
  readonly rollups: readonly Rollup[];
  /** What stands, beside ids and names of interfaces, for none. */
  readonly noText: string;
  /** A semi-join (or anti-join): rows of the left table that have (or do not have) a match in the right one. */
  readonly semiJoin: string;
  readonly antiJoin: string;
  /** Follows a common table's name: its rows are made once, however often they are read, where the database can. */
  readonly materialized: string;
  /** A column that tells apart, and orders, rows that are equal in everything else. */
  readonly rowId: string;
  quote(identifier: string): string;
  /** Names a type for a bound or cast value. */
  readonly types: {
    readonly seconds: string;
    readonly int: string;
    readonly whole: string;
    readonly real: string;
    readonly text: string;
  };
  /** The type of a field's column. */
  storageType(field: Pick<Field, 'type' | 'max'>): string;

  /** A truth that is the same in all rows of a SELECT, as a column. */
  flag(value: boolean): string;
  /** An aggregate: the sum of whole numbers, exact however large; null if none is there. */
  sum(expression: string): string;
  /** An aggregate: whether a condition is true of any row of a group; null or false if it is of none. */
  anyTrue(condition: string): string;
  /** The bits that two whole numbers share. */
  bitAnd(left: string, right: number | string): string;
  /** A whole number of 64 bits whose only bit is at a place, from 0 to 62. */
  bit(place: string): string;
  /** An aggregate: the bits that any of a group's whole numbers has. */
  bitOr(expression: string): string;
  /** How many bits of a whole number are set. */
  bitCount(expression: string): string;
  /** Whole-number division of a number that is not negative. */
  /**
   * A whole number from 1 to `most`, written so that the database knows that it is one of these: then it may count
   * groups in a table with a place for each possible one. Null: it has no such table.
   */
  readonly narrowNumber: ((number: string, most: number) => string) | null;
  divide(dividend: string, divisor: number | string): string;
  /** A time's key, of which all have one type, however they are worked out. */
  timeKey(expression: string): string;
  /** Equality under which null equals null. */
  same(left: string, right: string): string;
  /** A table with one column, `i`: 0 to count - 1. */
  series(count: number): string;

  /**
   * An aggregate: the n-th largest (`desc`) or smallest value, null if there are fewer. Null: it costs as much as ranking, or what it
   * is worked out of would be made once more (`materialized`).
   */
  readonly nthBest: ((expression: string, order: 'asc' | 'desc', n: number) => string) | null;
  /**
   * An aggregate: the value that all rows have. Null: common tables are made once (`materialized`), and the values of a parent can be
   * joined instead.
   */
  readonly sharedValue: ((expression: string) => string) | null;

  isOneOf(field: Field, column: string, values: readonly NonNullable<Scalar>[], binder: Binder): string;
  between(field: Field, column: string, low: number | null, high: number | null, binder: Binder): string;
  inBlocks(column: string, blocks: readonly AddressBlock[], rows: () => string, binder: Binder): string;
  /** Case-insensitive substring of the value's text. `rows()` (`flow WHERE …`) holds all values that matter. */
  contains(field: Field, column: string, text: string, rows: () => string, binder: Binder): string;
  /** RE2, case-sensitive, anywhere in the value's text. */
  matches(field: Field, column: string, pattern: string, rows: () => string, binder: Binder): string;

  /** A text of a field whose values are closed (`ACCEPT`), as its column holds it. */
  closedText(text: string): string;
  /** The statement that makes a temporary table of a SELECT's rows, which its session keeps. No such table may be there. */
  createTemporary(name: string, select: string): string;
  /** The statement that takes a temporary table away, if it is there. */
  dropTemporary(name: string): string;
  /** An aggregate: the median of numbers, between the two in the middle if their count is even. */
  median(expression: string): string;
  /** An aggregate: the smallest of the whole numbers of a group that `rank` per cent (1 to 99) of them do not exceed; null if it has none. */
  percentile(expression: string, rank: number): string;
  /** An aggregate: `value` of the row whose `order` is least. */
  valueAtLeast(value: string, order: string): string;
  /** An aggregate: how many different numbers a group has, within a fifth of their number: for what is counted exactly afterwards. */
  roughDistinct(expression: string): string;
  /** An aggregate: the value that most rows of a group have. */
  mostFrequent(expression: string): string;
  /** An aggregate: the different numbers of a group as text, with commas between. */
  listDifferent(expression: string): string;

  /** A word that derived fields say, as their columns hold it. */
  derivedWord(word: DerivedWord): string;
  /** An address with a port as one number, by which ends can be compared. */
  endNumber(address: string, port: string): string;
  /** A column's value as a key: of one type, whichever field's it is. */
  keyOf(column: string): string;
  /** A key to compare with what `keyOf` gives, or with a column of texts. */
  keyLiteral(key: Key): string;
  /** A key to compare with a column of addresses. */
  addressLiteral(key: Key): string;
  /** The key of an IPv4 address, and back: its number, null for a key of an IPv6 address. */
  keyOfIpv4(address: number): Key;
  ipv4OfKey(key: Key): number | null;
  /** Whether a column's address is of IPv6. */
  isIpv6(column: string): string;
  /** A FROM text: the IPv6 addresses that flows may have, as `address`. */
  ipv6Addresses(): string;
  /** A SELECT of the texts behind some keys of a field, by these (columns: key, text); null: `cell` needs none. */
  textsOf(field: Field, keys: readonly Key[]): string | null;
  /** A key that no address has, for a row of `address_period` under an alias; null where there is no row. */
  periodKey(alias: string): string;

  /** How a stored key becomes what people read and sort by. `ipv6`: whether the store has IPv6 addresses. */
  resolveKey(field: Field, key: string, alias: string, ipv6: boolean): KeyLookup;
  /**
   * For rows of many fields, how the keys of logged fields become texts: a join, and an expression for each field, as `text` of
   * `resolveKey`. One look-up for all of them: a join for each takes some megabytes each.
   *
   * @param rows a table with a column of each field and `row_id`, under the alias `p`
   */
  textsOfRows(
    fields: readonly Field[],
    rows: string,
  ): Pick<KeyLookup, 'join'> & {
    readonly texts: readonly (string | null)[];
  };
  /** The cell for a key and the text that `resolveKey` selected for it. */
  cell(field: Field, key: unknown, text: unknown): Cell;
}

export interface KeyLookup {
  /** A join that `text` and `order` need, or ''. */
  readonly join: string;
  /** Whether there may be so many keys that it pays to join only those that may be shown. */
  readonly many: boolean;
  /** An expression that `cell` needs beside the key, or null. */
  readonly text: string | null;
  /** Expressions that order keys as their values are ordered; nulls are dealt with outside. */
  readonly order: readonly string[];
}
