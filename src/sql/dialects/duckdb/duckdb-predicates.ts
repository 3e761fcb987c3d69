import { isDerived } from '../../../model/catalog/derived-field.ts';
import type { Field } from '../../../model/catalog/field.ts';
import type { Scalar } from '../../../model/query/query.ts';
import type { Binder } from '../../binder.ts';
import { numberBetween, storedNumbers } from '../number-conditions.ts';
import { addressIsOneOf } from './duckdb-blocks.ts';
import { dictionaryOf } from './duckdb-enrichment.ts';
import { inList, anyOf } from './duckdb-lists.ts';
import { IPV6_BASE, reservedId, storageType } from './duckdb-layout.ts';

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
    case 'time': {
      const numbers = storedNumbers(field, values);
      return numbers.length === 0 ? 'FALSE' : inList(column, numbers, storageType(field), binder);
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

export function between(
  field: Field,
  column: string,
  low: number | null,
  high: number | null,
  binder: Binder,
): string {
  const type = storageType(field);
  return numberBetween(field, column, low, high, (value) => binder.bind(value, type));
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
