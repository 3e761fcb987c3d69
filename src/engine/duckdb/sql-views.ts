import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import { derivedFields } from '../../model/catalog/derived-fields.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { duckdb } from '../../sql/dialects/duckdb/duckdb-dialect.ts';
import { dictionaryOf } from '../../sql/dialects/duckdb/duckdb-enrichment.ts';
import { IPV6_BASE } from '../../sql/dialects/duckdb/duckdb-layout.ts';
import { withDerivedColumns } from '../../sql/derived/with-derived.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import { unknownColumns } from '../unknown-columns.ts';
import type { Columns } from './columns.ts';
import { quote } from './database.ts';
import type { CheckedSql } from './sql-walk.ts';
import { TextLookups } from './text-lookups.ts';

/** The type that people see of a field. */
function viewType({ type, max }: Pick<Field, 'type' | 'max'>): string {
  switch (type) {
    case 'address':
    case 'text':
      return 'VARCHAR';
    case 'integer':
      return (max ?? 0) > MAX_INTEGER ? 'BIGINT' : 'INTEGER';
    case 'counter':
      return 'BIGINT';
    case 'time':
      return 'TIMESTAMP';
  }
}

const MAX_INTEGER = 2 ** 31 - 1;

/**
 * The statements that make the views `flows`, `coverage` and `quarantine` on a connection, as temporary
 * views: every field by its name in snake_case, texts and addresses as text, times as UTC timestamps;
 * fields that the catalog does not know under their own names, and together in `extra` (JSON).
 * Only columns that the statement may use are in them, since each text column is looked up. `flows` has the derived
 * fields too; `known` says what they are looked up in, null where none is used; `texts`, how many texts there are.
 */
export function createViews(
  columns: Columns,
  use: CheckedSql,
  enrichment: EnrichmentState | null,
  texts: number,
): readonly string[] {
  const needed = (name: string): boolean => use.everything || use.words.has(name.toLowerCase());
  return [
    createRecordView(
      'flows',
      'flow',
      columns.flow,
      columns.extra,
      needed,
      [],
      derivedFields,
      enrichment,
      texts,
    ),
    createRecordView(
      'coverage',
      'coverage_record',
      columns.coverage,
      columns.extra,
      needed,
      [INPUT_NAME],
      [],
      null,
      texts,
    ),
    `CREATE OR REPLACE TEMP VIEW quarantine AS
     SELECT coalesce(q.item, i.name) AS input, q.line, q.reason, q.text FROM main.quarantined_line q JOIN main.input i ON i.id = q.input`,
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
  enrichment: EnrichmentState | null,
  texts: number,
): string {
  const wanted = derived.filter(({ name }) => needed(name));
  const context = { columns: stored, ...(enrichment === null ? {} : { enrichment }) };
  const { fields: found, zone } = derivedColumns(
    wanted.map(({ name }) => name),
    [],
    context,
    duckdb,
  );
  const rows = withDerivedColumns(
    `main.${table}`,
    found,
    stored,
    { changesOverTime: enrichment?.changesOverTime ?? false, zone },
    duckdb,
  );
  const there = new Set([...stored, ...found.map(({ name }) => name)]);
  const asked = [...fields.filter(({ name }) => needed(name)), ...wanted];
  const lookedUp = asked.filter(
    ({ name, type }) => there.has(name) && (type === 'text' || type === 'address'),
  );
  const lookups = new TextLookups(lookedUp.length, texts);
  const named = asked.map((field) => `${fieldColumn(field, there, lookups)} AS "${field.name}"`);
  const unknown = stored.has(EXTRA)
    ? [...unknownColumns(extra)]
        .filter(([name]) => needed(name))
        .map(([name, aws]) => unknownColumn(name, aws, lookups))
    : [...unknownColumns(extra).keys()].filter(needed).map((name) => `NULL::VARCHAR AS ${quoteName(name)}`);
  const whole = !needed(EXTRA)
    ? []
    : [stored.has(EXTRA) ? `${lookups.text(EXTRA)} AS extra` : 'NULL::VARCHAR AS extra'];
  const all = [...named, ...whole, ...unknown, ...more];
  // A view can't be without columns; count(*) needs none.
  const list = all.length === 0 ? 'NULL AS nothing' : all.join(', ');
  return `CREATE OR REPLACE TEMP VIEW ${view} AS SELECT ${list} FROM ${found.length === 0 ? `main.${table} r` : `(SELECT * FROM ${rows}) r`}${lookups.clauses()}`;
}

function unknownColumn(name: string, aws: string, lookups: TextLookups): string {
  return `json_extract_string(${lookups.text(EXTRA)}, ${quote(jsonPointer(aws))}) AS ${quoteName(name)}`;
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function fieldColumn(field: Field, stored: ReadonlySet<string>, lookups: TextLookups): string {
  const type = viewType(field);
  if (!stored.has(field.name)) return `NULL::${type}`;
  const column = `r."${field.name}"`;
  switch (field.type) {
    case 'text':
      return isDerived(field) ? lookups.text(field.name, dictionaryOf(field)) : lookups.text(field.name);
    case 'address':
      return `CASE WHEN ${column} < ${IPV6_BASE} THEN ${ipv4Text(column)} ELSE ${lookups.ipv6(field.name)} END`;
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
