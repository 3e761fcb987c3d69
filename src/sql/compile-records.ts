import type { Field } from '../model/catalog/field.ts';
import { fields } from '../model/catalog/fields.ts';
import type { Cell } from '../model/query/answer.ts';
import type { RecordsRequest } from '../model/query/records-request.ts';
import { EXTRA } from '../model/record/record-batch.ts';
import { type Parameter, createBinder } from './binder.ts';
import { columnTypes } from './column-type.ts';
import type { CompileContext } from './compile-context.ts';
import type { Dialect } from './dialects/dialect.ts';
import { derivedColumns, isThere, withDerived } from './plan/derived-columns.ts';
import { clauseCondition, fieldOf, rangeConditions, where } from './plan/condition.ts';

export interface RecordColumn {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'address' | 'number' | 'time';
}

/** One statement for a page of raw flows, and what `readRecords` needs to read its rows. */
export interface CompiledRecords {
  readonly sql: string;
  readonly params: readonly Parameter[];
  readonly columns: readonly RecordColumn[];
  readonly limit: number;
  /** How each column's cell comes out of a row. */
  readonly cells: readonly ((row: readonly unknown[]) => Cell)[];
  readonly source: string;
}

/**
 * Only the rows of the page are turned into text; one row more is read, to know whether there are more.
 * Rows that the order leaves equal follow as they are stored, so that pages don't overlap.
 */
export function compileRecords(
  request: RecordsRequest,
  context: CompileContext,
  dialect: Dialect,
): CompiledRecords {
  const scope = {
    dialect,
    binder: createBinder(dialect),
    columns: context.columns,
    derived: derivedColumns(
      [request.order.field],
      request.filter.map(({ field }) => field),
      context,
      dialect,
      request.timezone,
    ),
    flowsFrom: context.flowsFrom ?? 0,
  };
  const ipv6 = context.ipv6 ?? true;
  const stored = fields.filter((field) => context.columns.has(field.name));
  // Derived fields come beside what tells rows apart.
  const numbered = `(SELECT *, ${dialect.rowId} AS row_id FROM ${dialect.tables.flows})`;
  const table = scope.derived.columns.length === 0 ? `${numbered} n` : withDerived(numbered, scope);
  const values = (): string => `${table}${where(rangeConditions(context.range, scope))}`;
  const conditions = [
    ...rangeConditions(context.range, scope),
    ...request.filter.map((clause) => clauseCondition(clause, values, scope)),
  ];
  const orderField = fieldOf(request.order.field);
  const sorted = isThere(orderField, scope)
    ? dialect.resolveKey(orderField, `f.${dialect.quote(orderField.name)}`, 'o', ipv6)
    : { join: '', order: [] };
  const orders = sorted.order.map((_, i) => `o${i} ${request.order.order.toUpperCase()} NULLS LAST`);
  const orderItems = sorted.order.map((order, i) => `${order} AS o${i}`);
  const from = `(SELECT * FROM ${table}${where(conditions)}) f ${sorted.join}`;
  const byPlace = [...orders, 'row_id'].join(', ');
  const page = `SELECT ${['f.*', ...orderItems].join(', ')} FROM ${from} ORDER BY ${byPlace} LIMIT ${request.limit + 1} OFFSET ${request.offset}`;
  const hasExtra = context.columns.has(EXTRA);
  const { join, texts } = dialect.textsOfRows([...stored, ...(hasExtra ? [extraField] : [])], 'page');
  const column = ({ name }: Field): string => `p.${dialect.quote(name)}`;
  const list = [
    ...stored.flatMap((field, i) => [column(field), texts[i] ?? 'NULL']),
    hasExtra ? (texts[stored.length] ?? column(extraField)) : 'NULL',
  ];
  const unknown = hasExtra ? [...(context.unknownFields ?? [])] : [];
  return {
    sql: `WITH page ${dialect.materialized} (${page})\nSELECT ${list.join(', ')} FROM page p${join} ORDER BY ${byPlace}`,
    params: scope.binder.values,
    columns: [
      ...stored.map(({ name, label, type }) => ({ name, label, type: columnTypes[type] })),
      ...unknown.map(([name, aws]) => ({ name, label: aws, type: 'text' as const })),
    ],
    limit: request.limit,
    cells: [
      ...stored.map(
        (field, i) => (row: readonly unknown[]) => dialect.cell(field, row[2 * i], row[2 * i + 1]),
      ),
      ...unknown.map(
        ([, aws]) =>
          (row: readonly unknown[]) =>
            entry(row[2 * stored.length], aws),
      ),
    ],
    source: dialect.tables.flows,
  };
}

/** The page in the rows that the engine returned. */
export function readRecords(
  compiled: CompiledRecords,
  rows: readonly (readonly unknown[])[],
): {
  readonly columns: readonly RecordColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly more: boolean;
} {
  const shown = rows.slice(0, compiled.limit);
  return {
    columns: compiled.columns,
    rows: shown.map((row) => compiled.cells.map((cell) => cell(row))),
    more: rows.length > compiled.limit,
  };
}

/** The column of fields that the catalog does not know is stored as any text is. */
const extraField: Field = {
  aws: EXTRA,
  name: EXTRA,
  type: 'text',
  role: 'dimension',
  version: 0,
  unit: null,
  label: 'Extra',
  group: 'Record',
  description: 'Fields that the catalog does not know, as JSON',
  max: null,
  values: null,
};

function entry(json: unknown, aws: string): Cell {
  if (typeof json !== 'string') return null;
  const values: unknown = JSON.parse(json);
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, aws)) return null;
  const value = (values as Readonly<Record<string, unknown>>)[aws];
  return typeof value === 'string' ? value : null;
}
