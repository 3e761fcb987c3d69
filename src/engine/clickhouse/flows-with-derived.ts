import type { DerivedField } from '../../model/catalog/derived-field.ts';
import { derivedFields } from '../../model/catalog/derived-fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import { withDerivedColumns } from '../../sql/derived/with-derived.ts';
import { quote, textLiteral } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import { derivedColumns } from '../../sql/plan/derived-columns.ts';
import { unknownColumns } from '../unknown-columns.ts';
import type { Columns } from './columns.ts';
import { peopleColumn, peopleColumns } from './people-columns.ts';
import type { UsedNames } from './sql-guard.ts';

/** Derived fields that a statement may read. */
export function derivedIn(used: UsedNames): readonly DerivedField[] {
  return derivedFields.filter(({ name }) => used.everything || used.words.has(name));
}

/**
 * A user's statement over a common table `flows` that has what the view of that name lacks: derived fields, looked up in the
 * tables that `dialect` names, and a column for each field that the catalog does not know. The statement as it is where it
 * asks for none of them, or has a common table `flows` of its own.
 *
 * @param enrichment the state of those tables; null: nobody knows anything, and derived fields are null
 */
export function withDerivedFlows(
  statement: string,
  used: UsedNames,
  columns: Columns,
  dialect: Dialect,
  enrichment: EnrichmentState | null,
): string {
  const derived = derivedIn(used);
  const unknown = [...unknownColumns(columns.extra)].filter(
    ([name]) => used.everything || used.words.has(name),
  );
  if (used.commonTables.has('flows') || derived.length + unknown.length === 0) return statement;
  const { fields: found, zone } = derivedColumns(
    derived.map(({ name }) => name),
    [],
    { columns: columns.flow, ...(enrichment === null ? {} : { enrichment }) },
    dialect,
  );
  const there = new Set(found.map(({ name }) => name));
  const rows = withDerivedColumns(
    'flow',
    found,
    columns.flow,
    { changesOverTime: enrichment?.changesOverTime ?? false, zone },
    dialect,
  );
  const items = [
    ...peopleColumns(),
    ...derived.map((field) =>
      there.has(field.name)
        ? peopleColumn(field)
        : `CAST(NULL AS Nullable(${field.type === 'integer' ? 'Int64' : 'String'})) AS ${quote(field.name)}`,
    ),
    ...unknown.map(
      ([name, aws]) =>
        `if(JSONHas(ifNull(${EXTRA}, ''), ${textLiteral(aws)}), JSONExtractString(ifNull(${EXTRA}, ''), ${textLiteral(aws)}), NULL) AS ${quote(name)}`,
    ),
  ];
  const flows = `flows AS (SELECT ${items.join(', ')} FROM ${rows})`;
  const begin = /^((?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*)WITH\b(\s+RECURSIVE\b)?/i.exec(statement);
  return begin === null
    ? `WITH ${flows}\n${statement}`
    : `WITH${begin[2] ?? ''} ${flows},\n${statement.slice(begin[0].length)}`;
}
