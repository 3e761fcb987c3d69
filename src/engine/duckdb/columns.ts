import { PeepholeError } from '../../model/errors.ts';
import type { Database } from './database.ts';

/** What the tables have, as they grow: a column comes with the first input that logs its field. */
export interface Columns {
  readonly flow: Set<string>;
  readonly coverage: Set<string>;
  /** Fields that the catalog does not know, by their AWS names. */
  readonly extra: Set<string>;
}

/** Asks DuckDB for the tables' columns. */
export async function readColumns(database: Database): Promise<Columns> {
  const rows = await database.rows(
    "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name IN ('flow', 'coverage_record')",
  );
  const of = (table: string): Set<string> =>
    new Set(rows.filter((row) => row[0] === table).map((row) => String(row[1])));
  const extra = await database.rows('SELECT name FROM extra_field');
  if (rows.length === 0) throw new PeepholeError('store_damaged', 'The store lacks its tables.');
  return {
    flow: of('flow'),
    coverage: of('coverage_record'),
    extra: new Set(extra.map((row) => String(row[0]))),
  };
}

/** A copy that grows by itself: what a transaction adds is there for others once it is committed. */
export function copyOfColumns({ flow, coverage, extra }: Columns): Columns {
  return { flow: new Set(flow), coverage: new Set(coverage), extra: new Set(extra) };
}

/** Whether one has names that the other lacks, of which it is a copy. */
export function haveGrown(grown: Columns, before: Columns): boolean {
  return (['flow', 'coverage', 'extra'] as const).some((of) => grown[of].size > before[of].size);
}
