import { derivedFields } from '../../model/catalog/derived-fields.ts';
import type { KnownState } from '../../sql/compile-context.ts';
import type { RunOptions, SqlResult } from '../engine.ts';
import { jsonCell } from './cells.ts';
import { runStatement } from './database.ts';
import type { KnownAddresses } from './known-addresses.ts';
import { checkSql } from './sql-guard.ts';
import type { Store } from './store.ts';
import { createViews } from './views.ts';

/**
 * Runs one SELECT of a user's over the views, in a read-only transaction. Throws `bad_sql` for
 * anything that is not a SELECT over the views, and for what DuckDB finds wrong with it.
 */
export async function runSql(
  store: Store,
  addresses: KnownAddresses | null,
  text: string,
  options: RunOptions = {},
): Promise<SqlResult> {
  return store.database.withConnection(async (connection) => {
    const checked = await checkSql(connection, text);
    const run = async (known: KnownState | null): Promise<SqlResult> => {
      for (const statement of createViews(store.columns, checked, known)) await connection.api.run(statement);
      await connection.api.run('BEGIN TRANSACTION READ ONLY');
      const reader = await runStatement(connection, text, [], options, 'bad_sql');
      await connection.api.run('ROLLBACK');
      const names = reader.deduplicatedColumnNames();
      return {
        columns: names.map((name, index) => ({ name, type: String(reader.columnType(index)) })),
        rows: reader.getRows().map((row) => row.map(jsonCell)),
      };
    };
    const derived = derivedFields
      .map(({ name }) => name)
      .filter((name) => checked.everything || checked.words.has(name));
    return derived.length > 0 && addresses !== null ? addresses.whileCurrent(derived, run) : run(null);
  });
}
