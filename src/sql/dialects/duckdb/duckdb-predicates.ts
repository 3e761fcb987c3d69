import { isDerived } from '../../../model/catalog/derived-field.ts';
import type { Field } from '../../../model/catalog/field.ts';
import type { Scalar } from '../../../model/query/query.ts';
import type { Binder } from '../../binder.ts';
import { addressIsOneOf } from './duckdb-blocks.ts';
import { dictionaryOf } from './duckdb-enrichment.ts';
import { inList, anyOf } from './duckdb-lists.ts';
import { IPV6_BASE, reservedId, storageType } from './duckdb-layout.ts';

const LARGEST_COUNTER = 2n ** 63n - 1n;
/** Up to here, all numbers of the type can be listed, and text work be done on them instead of on rows. */
const LISTABLE = 65_535;

export function isOneOf(
  field: Field,
  column: string,
  values: readonly NonNullable<Scalar>[],
  binder: Binder,
): string {
  switch (field.type) {
    case 'text':
      return textIsOneOf(field, column, values.map(String), binder);
    case 'address':
      return addressIsOneOf(column, values.map(String), binder);
    case 'integer':
    case 'counter':
      return numberIsOneOf(field, column, values.flatMap(wholeNumber), binder);
    case 'time': {
      const seconds = values.map(Number).filter((ms) => ms % 1000 === 0);
      return numberIsOneOf(
        field,
        column,
        seconds.map((ms) => BigInt(ms / 1000)),
        binder,
      );
    }
  }
}

/** Texts with a fixed id are constants; the dictionary is asked for the others. */
function textIsOneOf(field: Field, column: string, values: readonly string[], binder: Binder): string {
  const fixedId = isDerived(field) ? () => undefined : reservedId;
  const fixed = values.flatMap((value) => fixedId(value) ?? []);
  const others = values.filter((value) => fixedId(value) === undefined);
  return anyOf(
    [
      fixed.length === 0 ? [] : [`${column} IN (${fixed.map((id) => `CAST(${id} AS UINTEGER)`).join(', ')})`],
      others.length === 0
        ? []
        : [
            `${column} IN (SELECT id FROM ${dictionaryOf(field)} WHERE value IN (${others.map((value) => binder.bind(value, 'VARCHAR')).join(', ')}))`,
          ],
    ].flat(),
  );
}

function numberIsOneOf(field: Field, column: string, values: readonly bigint[], binder: Binder): string {
  const most = largest(field);
  const possible = values.filter((value) => value >= 0n && value <= most);
  if (possible.length === 0) return 'FALSE';
  return inList(column, possible, storageType(field), binder);
}

/** Bounds of times are milliseconds, those of other fields numbers; columns hold whole seconds and whole numbers. */
export function between(
  field: Field,
  column: string,
  low: number | null,
  high: number | null,
  binder: Binder,
): string {
  const scale = field.type === 'time' ? 1000 : 1;
  const most = largest(field);
  const type = storageType(field);
  const first = low === null ? 0n : BigInt(Math.ceil(low / scale));
  const last = high === null ? most : BigInt(Math.floor(high / scale));
  if (first > last || first > most || last < 0n) return 'FALSE';
  const parts = [
    ...(first > 0n ? [`${column} >= ${binder.bind(first, type)}`] : []),
    ...(last < most ? [`${column} <= ${binder.bind(last, type)}`] : []),
  ];
  return parts.length === 0 ? `${column} IS NOT NULL` : parts.join(' AND ');
}

/** What is no whole number equals none. */
function wholeNumber(value: NonNullable<Scalar>): readonly bigint[] {
  if (typeof value === 'bigint') return [value];
  return typeof value === 'number' && Number.isInteger(value) ? [BigInt(value)] : [];
}

export function contains(
  field: Field,
  column: string,
  text: string,
  rows: () => string,
  binder: Binder,
): string {
  const needle = binder.bind(text, 'VARCHAR');
  return textTest(field, column, rows, (value) => `contains(lower(${value}), lower(${needle}))`);
}

export function matches(
  field: Field,
  column: string,
  pattern: string,
  rows: () => string,
  binder: Binder,
): string {
  const regex = binder.bind(pattern, 'VARCHAR');
  return textTest(field, column, rows, (value) => `regexp_matches(${value}, ${regex})`);
}

/** Text work is done on distinct values (the dictionary, the numbers of a type), not on rows. */
function textTest(field: Field, column: string, rows: () => string, test: (value: string) => string): string {
  switch (field.type) {
    case 'text':
      return `${column} IN (SELECT id FROM ${dictionaryOf(field)} WHERE ${test('value')})`;
    case 'address': {
      // Of two ready halves an address is put together fast. A plain expression over the distinct keys would
      // be moved below DISTINCT, and so to every row.
      const halves = `SELECT i, concat(i // 256, '.', i % 256) AS text FROM (SELECT range AS i FROM range(65536)) n`;
      return (
        `${column} IN (WITH half AS MATERIALIZED (${halves})` +
        ` SELECT a FROM (SELECT DISTINCT ${column} AS a FROM ${rows()}) four` +
        ` JOIN half front ON front.i = four.a >> 16 JOIN half back ON back.i = four.a & 65535` +
        ` WHERE ${test("concat(front.text, '.', back.text)")}` +
        ` UNION ALL SELECT ${IPV6_BASE} + id FROM dictionary WHERE high IS NOT NULL AND ${test('value')})`
      );
    }
    case 'integer':
    case 'counter':
    case 'time': {
      const most = field.max ?? Infinity;
      if (most > LISTABLE) return test(`CAST(${column} AS VARCHAR)`);
      const type = storageType(field);
      return `${column} IN (SELECT CAST(i AS ${type}) FROM (SELECT range AS i FROM range(${most + 1})) n WHERE ${test('CAST(i AS VARCHAR)')})`;
    }
  }
}

function largest(field: Field): bigint {
  switch (field.type) {
    case 'integer':
      return BigInt(field.max ?? 0);
    case 'time':
      return 4_294_967_295n;
    case 'counter':
    case 'address':
    case 'text':
      return LARGEST_COUNTER;
  }
}
