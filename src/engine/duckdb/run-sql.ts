import { derivedFields } from '../../model/catalog/derived-fields.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import type { SqlResult, SqlRows, SqlRunOptions } from '../engine.ts';
import { jsonCells } from './cells.ts';
import type { Connection } from './connection.ts';
import type { EnrichmentUpdater } from './enrichment-updater.ts';
import { guessCost } from './sql-cost.ts';
import { checkSql } from './sql-guard.ts';
import type { CheckedSql } from './sql-walk.ts';
import { startStatement, type RunningStatement } from './execute-statement.ts';
import type { Store } from './store.ts';
import { createViews } from './sql-views.ts';

const UNKNOWN_COLUMN = /Referenced column .* not found/;

/**
 * Runs one SELECT of a user's over the views, in a read-only transaction. Throws `bad_sql` for
 * anything that is not a SELECT over the views, and for what DuckDB finds wrong with it.
 */
export async function runSql(
  store: Store,
  updater: EnrichmentUpdater | null,
  text: string,
  options: SqlRunOptions = {},
): Promise<SqlResult> {
  const { database } = store;
  const connection = await database.borrow();
  let running: RunningStatement;
  try {
    const checked = await checkSql(connection, text);
    const started = (what: CheckedSql): Promise<RunningStatement> =>
      start(store, updater, connection, what, text, options);
    // The views have only the columns that a statement names; with all of them DuckDB says which names come near.
    running = await started(checked).catch(async (error: unknown) => {
      if (checked.everything || !(error instanceof PeepholeError) || !UNKNOWN_COLUMN.test(error.message))
        throw error;
      await connection.api.run('ROLLBACK');
      return started({ ...checked, everything: true });
    });
  } catch (error) {
    await database.discard(connection);
    throw error;
  }
  const { result, chunks } = running;
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await database.discard(connection);
  };
  async function* batches(): AsyncGenerator<SqlRows> {
    try {
      for await (const rows of chunks(jsonCells)) yield rows;
      await connection.api.run('ROLLBACK');
      open = false;
      database.giveBack(connection);
    } finally {
      await close();
    }
  }
  const types = result.columnTypes();
  const columns = result
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: String(types[index]) }));
  return { columns, batches: batches(), close };
}

/**
 * Starts it in a transaction of its own, which sees the store as it is then. Where it asks for derived fields, that is a
 * moment in which the enrichment tables have every address.
 */
async function start(
  store: Store,
  updater: EnrichmentUpdater | null,
  connection: Connection,
  checked: CheckedSql,
  text: string,
  { beforeRun, ...options }: SqlRunOptions,
): Promise<RunningStatement> {
  const derived = derivedFields
    .map(({ name }) => name)
    .filter((name) => checked.everything || checked.words.has(name));
  let began = false;
  const overViews = <T>(work: () => Promise<T>): Promise<T> => {
    const attempt = async (enrichment: EnrichmentState | null): Promise<T> => {
      if (began) await connection.api.run('ROLLBACK');
      began = false;
      for (const statement of createViews(store.columns, checked, enrichment, store.texts))
        await connection.api.run(statement);
      return work();
    };
    return derived.length > 0 && updater !== null ? updater.whileCurrent(derived, attempt) : attempt(null);
  };
  if (beforeRun !== undefined) {
    // What is wrong with the statement is said when it runs.
    await beforeRun(await overViews(() => guessCost(connection, text).catch(() => 0)));
  }
  return overViews(async () => {
    await connection.api.run('BEGIN TRANSACTION READ ONLY');
    began = true;
    return startStatement(connection, text, [], options, 'bad_sql');
  });
}
