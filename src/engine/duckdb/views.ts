import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import { derivedFields } from '../../model/catalog/derived-fields.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { KnownState } from '../../sql/compile-context.ts';
import { duckdb } from '../../sql/dialects/duckdb.ts';
import { withDerived } from '../../sql/dialects/duckdb-derived.ts';
import { dictionaryOf } from '../../sql/dialects/duckdb-known.ts';
import { IPV6_BASE } from '../../sql/dialects/duckdb-layout.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import type { Columns } from './columns.ts';
import { quote } from './database.ts';
import type { CheckedSql } from './sql-walk.ts';

/** The types that people see, by the catalog's types. */
const viewTypes: Readonly<Record<Field['type'], string>> = {
  address: 'VARCHAR',
  text: 'VARCHAR',
  integer: 'INTEGER',
  counter: 'BIGINT',
  time: 'TIMESTAMP',
};

/**
 * The statements that make the views `flows`, `coverage` and `quarantine` on a connection, as temporary
 * views: every field by its name in snake_case, texts and addresses as text, times as UTC timestamps;
 * fields that the catalog does not know under their own names, and together in `extra` (JSON).
 * Only columns that the statement may use are in them, since each text column costs a join. `flows` has the derived
 * fields too; `known` says what they are looked up in, null where none is used.
 */
export function createViews(columns: Columns, use: CheckedSql, known: KnownState | null): readonly string[] {
  const needed = (name: string): boolean => use.everything || use.words.has(name.toLowerCase());
  return [
    createRecordView('flows', 'flow', columns.flow, columns.extra, needed, [], derivedFields, known),
    createRecordView(
      'coverage',
      'coverage_record',
      columns.coverage,
      columns.extra,
      needed,
      [INPUT_NAME],
      [],
      null,
    ),
    `CREATE OR REPLACE TEMP VIEW quarantine AS
     SELECT i.name AS input, q.line, q.reason, q.text FROM main.quarantined_line q JOIN main.input i ON i.id = q.input`,
  ];
}

const INPUT_NAME = '(SELECT name FROM main.input i WHERE i.id = r.input) AS input';

function createRecordView(
  view: string,
  table: string,
  stored: ReadonlySet<string>,
  extra: ReadonlySet<string>,
  needed: (name: string) => boolean,
  more: readonly string[],
  derived: readonly DerivedField[],
  known: KnownState | null,
): string {
  const joins = new Joins();
  const wanted = derived.filter(({ name }) => needed(name));
  const context = { columns: stored, ...(known === null ? {} : { known }) };
  const { fields: found } = derivedColumns(
    wanted.map(({ name }) => name),
    [],
    context,
    duckdb,
  );
  const rows = withDerived(`main.${table}`, found, stored, known?.varied ?? false);
  const there = new Set([...stored, ...found.map(({ name }) => name)]);
  const named = [...fields.filter(({ name }) => needed(name)), ...wanted].map(
    (field) => `${fieldColumn(field, there, joins)} AS "${field.name}"`,
  );
  const unknown = stored.has(EXTRA)
    ? [...unknownColumns(extra)]
        .filter(([name]) => needed(name))
        .map(([name, aws]) => unknownColumn(name, aws, joins))
    : [...unknownColumns(extra).keys()].filter(needed).map((name) => `NULL::VARCHAR AS ${quoteName(name)}`);
  const whole = !needed(EXTRA)
    ? []
    : [stored.has(EXTRA) ? `${joins.text(EXTRA)} AS extra` : 'NULL::VARCHAR AS extra'];
  const all = [...named, ...whole, ...unknown, ...more];
  // A view can't be without columns; count(*) needs none.
  const list = all.length === 0 ? 'NULL AS nothing' : all.join(', ');
  return `CREATE OR REPLACE TEMP VIEW ${view} AS SELECT ${list} FROM ${found.length === 0 ? `main.${table} r` : `(SELECT * FROM ${rows}) r`}${joins.clauses()}`;
}

function unknownColumn(name: string, aws: string, joins: Joins): string {
  return `json_extract_string(${joins.text(EXTRA)}, ${quote(jsonPointer(aws))}) AS ${quoteName(name)}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Our names for fields that the catalog does not know: snake_case, told apart where two would be one. */
export function unknownColumns(extra: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set([...fields, ...derivedFields].map(({ name }) => name));
  const names = new Map<string, string>();
  for (const aws of extra) {
    const plain = aws.toLowerCase().replaceAll('-', '_');
    let name = plain;
    for (let n = 2; taken.has(name) || names.has(name) || name === EXTRA; n++) name = `${plain}_${n}`;
    names.set(name, aws);
  }
  return names;
}

function fieldColumn(field: Field, stored: ReadonlySet<string>, joins: Joins): string {
  const type = viewTypes[field.type];
  if (!stored.has(field.name)) return `NULL::${type}`;
  const column = `r."${field.name}"`;
  switch (field.type) {
    case 'text':
      return isDerived(field) ? joins.text(field.name, dictionaryOf(field)) : joins.text(field.name);
    case 'address':
      return `CASE WHEN ${column} < ${IPV6_BASE} THEN ${ipv4Text(column)} ELSE ${joins.ipv6(field.name)} END`;
    case 'time':
      return `make_timestamp(${column}::BIGINT * 1000000)`;
    case 'integer':
    case 'counter':
      return `${column}::${type}`;
  }
}

function ipv4Text(column: string): string {
  const octet = (shift: number): string => `((${column} >> ${shift}) & 255)`;
  return `concat_ws('.', ${octet(24)}, ${octet(16)}, ${octet(8)}, ${octet(0)})`;
}

/** A JSON pointer (RFC 6901) to one key. */
function jsonPointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The dictionary, joined once for each column that needs it. */
class Joins {
  readonly #clauses = new Map<string, { readonly key: string; readonly dictionary: string }>();

  text(column: string, dictionary = 'main.dictionary'): string {
    this.#clauses.set(column, { key: `r."${column}"`, dictionary });
    return `"d_${column}".value`;
  }

  ipv6(column: string): string {
    const key = `CASE WHEN r."${column}" >= ${IPV6_BASE} THEN (r."${column}" - ${IPV6_BASE})::UINTEGER END`;
    this.#clauses.set(column, { key, dictionary: 'main.dictionary' });
    return `"d_${column}".value`;
  }

  clauses(): string {
    return [...this.#clauses]
      .map(
        ([column, { key, dictionary }]) =>
          ` LEFT JOIN ${dictionary} "d_${column}" ON "d_${column}".id = ${key}`,
      )
      .join('');
  }
}
