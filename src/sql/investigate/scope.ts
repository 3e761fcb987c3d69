import { fieldNamed } from '../../model/catalog/fields.ts';
import { whole } from '../binder.ts';
import { IPV6_BASE, reservedId, storageType } from '../dialects/duckdb/duckdb-layout.ts';

/**
 * What an investigation's statements are made for. They speak DuckDB and know its layout: addresses and
 * names stay numbers until a finding is told. Every number in them is ours, so none is bound.
 */
export interface InvestigationScope {
  /** Names of the catalog's fields that the table of flows has a column for. */
  readonly columns: ReadonlySet<string>;
  /** The same for coverage records. */
  readonly coverageColumns: ReadonlySet<string>;
  /** Unix seconds, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Unix seconds: from here until `from` only sums by the hour are left of the time that was asked for; null: no such time. */
  readonly sumsFrom: number | null;
}

/** Flows added up hour by hour: without the source port, and with the ports of logins as they are. */
export const ROLLUP = 'flow_hour';

/** Ids of texts that have one in every store. */
export const REJECT = textId('REJECT');
export const ACCEPT = textId('ACCEPT');
export const SKIPDATA = textId('SKIPDATA');

/** Fields without which there is nothing to investigate; without `start` there are no hours at all. */
export const fieldsOfTries: readonly string[] = ['srcaddr', 'dstaddr', 'action'];

/** Without these nobody can tell whether what was let in was answered. */
export const fieldsOfAnswers: readonly string[] = ['packets', 'bytes', 'protocol', 'dstport'];

/** A field of the table of flows `f`; `otherwise` where no input has logged it, and for null. */
export function stored(scope: InvestigationScope, name: string, otherwise: number): string {
  const field = fieldNamed(name);
  const type = field === undefined ? 'BIGINT' : storageType(field);
  // Ports may be -1 here, which their own type can't hold.
  const wide =
    type === 'USMALLINT' || type === 'UTINYINT' ? 'INTEGER' : type === 'UINTEGER' ? 'BIGINT' : type;
  return scope.columns.has(name)
    ? `coalesce(CAST(f."${name}" AS ${wide}), ${otherwise})`
    : `CAST(${otherwise} AS ${wide})`;
}

/** The condition that keeps the rows of `f` from `from` on and before `to`, said of the order of rows too. */
export function within(from: number, to: number): string {
  const low = Math.max(0, from);
  return (
    `f.start >= ${whole(low)}::UINTEGER AND f.start < ${whole(Math.max(0, to))}::UINTEGER` +
    ` AND f.hour >= ${whole(Math.floor(low / 3600))}::UINTEGER AND f.hour <= ${whole(Math.max(0, Math.floor((to - 1) / 3600)))}::UINTEGER`
  );
}

/** The condition that keeps the hours of `f` that a range touches. */
export function withinHours(from: number, to: number): string {
  const [first, last] = [Math.floor(Math.max(0, from) / 3600), Math.max(0, Math.floor((to - 1) / 3600))];
  return `f.hour BETWEEN ${whole(first)}::UINTEGER AND ${whole(last)}::UINTEGER`;
}

/** Private, shared (carrier-grade), link-local and loopback IPv4 blocks, as first and last key. */
const insideBlocks: readonly (readonly [number, number])[] = [
  [0x0a000000, 0x0affffff],
  [0xac100000, 0xac1fffff],
  [0xc0a80000, 0xc0a8ffff],
  [0x64400000, 0x647fffff],
  [0xa9fe0000, 0xa9feffff],
  [0x7f000000, 0x7fffffff],
];

/** Whether an IPv4 key lies in one of the blocks that networks use inside. */
export function isInsideKey(key: number): boolean {
  return key < IPV6_BASE && insideBlocks.some(([first, last]) => key >= first && key <= last);
}

/** Whether an IPv4 key is of no machine: a multicast, reserved or broadcast address. */
export function isManyKey(key: number): boolean {
  return key >= 0xe0000000 && key < IPV6_BASE;
}

/** Whether a column's address is one of ours: of a block that is used inside, or in the list of keys. */
export function isOurs(column: string, own: readonly number[]): string {
  const blocks = insideBlocks.map(([first, last]) => `${column} BETWEEN ${first} AND ${last}`);
  const listed = own.length === 0 ? [] : [`${column} IN (${own.map(whole).join(', ')})`];
  return `(${[...blocks, ...listed].join(' OR ')})`;
}

function textId(text: string): number {
  const id = reservedId(text);
  if (id === undefined) throw new TypeError(`${text} has no fixed id`);
  return id;
}
