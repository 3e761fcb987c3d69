import type { Field } from '../../../model/catalog/field.ts';
import type { ClosedValue } from '../../../model/catalog/fields.ts';

/**
 * How records lie in DuckDB. Everything repetitive is a number:
 *
 * - text is the id of an entry in `dictionary`; null is null;
 * - an IPv4 address is its 32-bit number, an IPv6 address is 2^32 + the id of its canonical text in
 *   `dictionary`, where its two 64-bit halves stand beside it: one narrow column serves both
 *   families, sorts and prunes well, and CIDR is a range;
 * - `start` and `end` are Unix seconds, `hour` is start / 3600 (whole), stored since most queries need it.
 *
 * `flow` and `coverage` have a column for a field only once an input has logged it.
 */

/** The first key of an IPv6 address: 2^32. */
export const IPV6_BASE = 4_294_967_296;

/** The DuckDB type that stores a field. */
export function storageType(field: Pick<Field, 'type' | 'max'>): string {
  switch (field.type) {
    case 'address':
      return 'BIGINT';
    case 'counter':
      return 'BIGINT';
    case 'text':
      return 'UINTEGER';
    case 'time':
      return 'UINTEGER';
    case 'integer':
      return integerType(field.max ?? 0);
  }
}

function integerType(max: number): string {
  if (max <= 0xff) return 'UTINYINT';
  return max <= 0xffff ? 'USMALLINT' : 'UINTEGER';
}

/**
 * Ids of the closed vocabularies' texts: conditions on them are constants that prune row groups. Every store has them:
 * an id is given once and never changes; a new value of the catalog gets the next one. All other texts get ids from
 * `FIRST_FREE_ID` up.
 */
const reservedIds: Readonly<Record<ClosedValue, number>> = {
  ACCEPT: 1,
  REJECT: 2,
  OK: 3,
  NODATA: 4,
  SKIPDATA: 5,
};
const reserved: ReadonlyMap<string, number> = new Map(Object.entries(reservedIds));

/** The fixed id of a text, or undefined if the dictionary has to be asked. */
export function reservedId(value: string): number | undefined {
  return reserved.get(value);
}

export function reservedTexts(): readonly (readonly [value: string, id: number])[] {
  return [...reserved];
}

export const FIRST_FREE_ID = 64;
