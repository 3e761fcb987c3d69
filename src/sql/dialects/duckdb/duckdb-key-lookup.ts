import { isDerived } from '../../../model/catalog/derived-field.ts';
import type { Field } from '../../../model/catalog/field.ts';
import type { Cell } from '../../../model/query/answer.ts';
import { formatInstant } from '../../../model/query/format-query.ts';
import { integerLiteral } from '../../binder.ts';
import type { Key } from '../../key.ts';
import { numberCell } from '../../number-cell.ts';
import { dictionaryOf } from './duckdb-enrichment.ts';
import { IPV6_BASE, reservedId } from './duckdb-layout.ts';
import type { Dialect, KeyLookup } from '../dialect.ts';

/** Only result rows meet the dictionary; IPv4 addresses become text in `cell`. */
export function resolveKey(field: Field, key: string, alias: string, ipv6: boolean): KeyLookup {
  switch (field.type) {
    case 'text':
      if (isClosed(field)) return resolveClosed(field, key);
      return {
        join: `LEFT JOIN ${dictionaryOf(field)} ${alias} ON ${alias}.id = ${key}`,
        many: false,
        text: `${alias}.value`,
        order: [`${alias}.value`],
      };
    case 'address':
      if (!ipv6) return resolveNumber(key);
      return {
        // One equality: with a second condition DuckDB compares each group with each text.
        join: `LEFT JOIN (SELECT ${IPV6_BASE} + id AS key, value, high, low FROM dictionary WHERE high IS NOT NULL) ${alias} ON ${alias}.key = ${key}`,
        many: true,
        text: `${alias}.value`,
        // Keys of IPv6 addresses stand in the order of their arrival: IPv4 by key, then IPv6 by their halves.
        order: [
          `CASE WHEN ${key} < ${IPV6_BASE} THEN ${key} WHEN ${key} IS NOT NULL THEN ${IPV6_BASE} END`,
          `${alias}.high`,
          `${alias}.low`,
        ],
      };
    case 'integer':
    case 'counter':
    case 'time':
      return resolveNumber(key);
  }
}

/** As `Dialect.textsOfRows`: the keys of a row are looked up as rows of their own, and come back as a list. */
export function textsOfRows(fields: readonly Field[], rows: string): ReturnType<Dialect['textsOfRows']> {
  const ids: string[] = [];
  const texts = fields.map((field) => {
    const key = `p."${field.name}"`;
    if (field.type === 'address') ids.push(`CASE WHEN ${key} >= ${IPV6_BASE} THEN ${key} - ${IPV6_BASE} END`);
    else if (field.type === 'text' && !isClosed(field)) ids.push(key);
    else return null;
    return `x.texts[${ids.length}]`;
  });
  if (ids.length === 0) return { join: '', texts };
  const keys = `SELECT p.row_id, unnest([${ids.join(', ')}]) AS id, unnest(range(${ids.length})) AS place FROM ${rows} p`;
  const lists = `SELECT k.row_id AS of_row, list(d.value ORDER BY k.place) AS texts FROM (${keys}) k LEFT JOIN dictionary d ON d.id = k.id GROUP BY k.row_id`;
  return { join: ` LEFT JOIN (${lists}) x ON x.of_row = p.row_id`, texts };
}

/** Whether the keys of a field's texts are fixed, so that nothing has to be looked up. */
function isClosed(field: Field): boolean {
  return !isDerived(field) && field.values !== null;
}

function resolveClosed(field: Field, key: string): KeyLookup {
  const places = (field.values ?? [])
    .toSorted()
    .map((value, place) => `WHEN ${reservedId(value) ?? 'NULL'} THEN ${place}`);
  return { join: '', many: false, text: null, order: [`CASE ${key} ${places.join(' ')} END`] };
}

/** A key that is what people read, and orders as it does. */
function resolveNumber(key: string): KeyLookup {
  return { join: '', many: false, text: null, order: [key] };
}

export function cell(field: Field, key: unknown, text: unknown): Cell {
  if (key === null || key === undefined) return null;
  switch (field.type) {
    case 'text':
      if (isClosed(field)) return field.values?.find((value) => reservedId(value) === Number(key)) ?? null;
      return typeof text === 'string' ? text : null;
    case 'address':
      return Number(key) < IPV6_BASE ? dottedAddress(Number(key)) : typeof text === 'string' ? text : null;
    case 'integer':
      return Number(key);
    case 'counter':
      return numberCell(key);
    case 'time':
      return formatInstant(Number(key) * 1000);
  }
}

/** The texts behind keys: of texts, and of IPv6 addresses; those of closed fields are known. */
export function textsOf(field: Field, keys: readonly Key[]): string | null {
  const isText = field.type === 'text' && !isClosed(field);
  const base = field.type === 'address' ? IPV6_BASE : 0;
  const ids = keys.flatMap((key) => (isText || Number(key) >= IPV6_BASE ? [Number(key) - base] : []));
  if ((!isText && field.type !== 'address') || ids.length === 0) return null;
  const dictionary = isText ? dictionaryOf(field) : 'dictionary';
  return `SELECT id + ${base}, value FROM ${dictionary} WHERE id IN (${ids.map(integerLiteral).join(', ')})`;
}

/** The text of an IPv4 address's key. */
export function dottedAddress(key: number): string {
  return `${key >>> 24}.${(key >>> 16) & 255}.${(key >>> 8) & 255}.${key & 255}`;
}
