import type { Field } from '../../../model/catalog/field.ts';
import { type AddressBlock, parseAddress } from '../../../model/query/address-block.ts';
import type { Scalar } from '../../../model/query/query.ts';
import type { Binder, Parameter } from '../../binder.ts';
import { numberBetween, storedNumbers } from '../number-conditions.ts';
import {
  FIRST_IPV4,
  LAST_IPV4,
  addressNumber,
  readableAddress,
  ipv6Text,
  storageType,
} from './clickhouse-layout.ts';

/** Up to so many, values and ranges stand one by one in the statement, and prune; more go in as one list. */
const FEW_VALUES = 100;
const FEW_RANGES = 16;

export function isOneOf(
  field: Field,
  column: string,
  values: readonly NonNullable<Scalar>[],
  binder: Binder,
): string {
  switch (field.type) {
    case 'text':
      return inList(column, values.map(String), 'String', binder);
    case 'address':
      return inList(
        column,
        values
          .flatMap((value) => parseAddress(String(value)) ?? [])
          .map((one) => ipv6Text(addressNumber(one))),
        'IPv6',
        binder,
      );
    case 'integer':
    case 'counter':
    case 'time':
      return inList(column, storedNumbers(field, values), plainType(field), binder);
  }
}

function inList(column: string, values: readonly Parameter[], type: string, binder: Binder): string {
  if (values.length === 0) return 'FALSE';
  if (values.length > FEW_VALUES) return `${column} IN (SELECT arrayJoin(${list(values, type, binder)}))`;
  return `${column} IN (${values.map((value) => binder.bind(value, type)).join(', ')})`;
}

export function between(
  field: Field,
  column: string,
  low: number | null,
  high: number | null,
  binder: Binder,
): string {
  const type = plainType(field);
  return numberBetween(field, column, low, high, (value) => binder.bind(value, type));
}

/** `rows()` holds every value of the column that matters. */
export function inBlocks(
  column: string,
  blocks: readonly AddressBlock[],
  rows: () => string,
  binder: Binder,
): string {
  const ranges = mergeBlocks(blocks);
  if (ranges.length === 0) return 'FALSE';
  const bind = (value: bigint): string => binder.bind(ipv6Text(value), 'IPv6');
  if (ranges.length > FEW_RANGES) {
    // Only different values look for the nearest range that begins before them; ranges that don't touch end in order.
    const firsts = list(
      ranges.map(([first]) => ipv6Text(first)),
      'IPv6',
      binder,
    );
    const lasts = list(
      ranges.map(([, last]) => ipv6Text(last)),
      'IPv6',
      binder,
    );
    return (
      `${column} IN (SELECT a FROM (SELECT a, kind, max(last) OVER (ORDER BY a, kind ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS reach FROM (` +
      `SELECT DISTINCT ${column} AS a, 1 AS kind, CAST(NULL AS Nullable(IPv6)) AS last FROM ${rows()}` +
      ` UNION ALL SELECT bounds.1, 0, bounds.2 FROM (SELECT arrayJoin(arrayZip(${firsts}, ${lasts})) AS bounds)` +
      `) known) reached WHERE kind = 1 AND a <= reach)`
    );
  }
  const tests = ranges.map(([first, last]) =>
    first === last
      ? `${column} = ${bind(first)}`
      : `(${column} >= ${bind(first)} AND ${column} <= ${bind(last)})`,
  );
  return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' OR ')})`;
}

type Range = readonly [first: bigint, last: bigint];

/** The ranges that blocks cover, in order, touching ones made one. An IPv6 block has a gap where IPv4 addresses stand. */
function mergeBlocks(blocks: readonly AddressBlock[]): readonly Range[] {
  const ranges = blocks.flatMap(({ version, first, last }): Range[] => {
    if (version === 4) return [[FIRST_IPV4 + first, FIRST_IPV4 + last]];
    if (last < FIRST_IPV4 || first > LAST_IPV4) return [[first, last]];
    const below: Range[] = first < FIRST_IPV4 ? [[first, FIRST_IPV4 - 1n]] : [];
    return [...below, ...(last > LAST_IPV4 ? [[LAST_IPV4 + 1n, last] as const] : [])];
  });
  const merged: [bigint, bigint][] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const before = merged.at(-1);
    if (before === undefined || first > before[1] + 1n) merged.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  return merged;
}

export function contains(
  field: Field,
  column: string,
  text: string,
  _rows: () => string,
  binder: Binder,
): string {
  const needle = binder.bind(text, 'String');
  return `position(lowerUTF8(${valueText(field, column)}), lowerUTF8(${needle})) > 0`;
}

/** ClickHouse lets `.` match a line break by default. */
export function matches(
  field: Field,
  column: string,
  pattern: string,
  _rows: () => string,
  binder: Binder,
): string {
  return `match(${valueText(field, column)}, ${binder.bind(`(?-s)${pattern}`, 'String')})`;
}

/** The text that people read for a value. */
function valueText(field: Field, column: string): string {
  if (field.type === 'text') return column;
  return field.type === 'address' ? readableAddress(column) : `toString(${column})`;
}

/** A field's type without null. */
function plainType(field: Field): string {
  return storageType(field).replace(/^Nullable\((.*)\)$/, '$1');
}

/** Values as one bound text, which ClickHouse reads as a list: a bound list would be escaped twice, by the client and as a list. */
function list(values: readonly Parameter[], type: string, binder: Binder): string {
  const isText = type === 'String' || type === 'IPv6';
  const json = isText ? JSON.stringify(values.map(String)) : `[${values.join(',')}]`;
  const read = `JSONExtract(${binder.bind(json, 'String')}, 'Array(${isText ? 'String' : type})')`;
  return type === 'IPv6' ? `arrayMap(one -> toIPv6(one), ${read})` : read;
}
