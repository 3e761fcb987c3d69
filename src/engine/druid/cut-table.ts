import type { Store } from '../duckdb/store.ts';
import type { WriteTransaction } from '../duckdb/write-transaction.ts';
import { type Cut, withCut } from './cuts.ts';

/** Runs a statement in a transaction. */
type Run = (sql: string, params: NonNullable<Parameters<WriteTransaction['run']>[1]>) => Promise<unknown>;

/** Makes the table of what was dropped: a row for each time, with how many flows it were. */
export async function makeCutTable(store: Store): Promise<void> {
  await store.writeBeside((api) =>
    api.run(
      'CREATE TABLE IF NOT EXISTS druid_cut (before UINTEGER NOT NULL, batch VARCHAR NOT NULL, flows UBIGINT NOT NULL)',
    ),
  );
}

/** In the order in which flows were dropped. */
export async function readCuts(store: Store): Promise<readonly Cut[]> {
  const rows = await store.database.rows('SELECT before, batch FROM druid_cut ORDER BY batch');
  return rows
    .map(([before, batch]) => ({ before: Number(before), batch: String(batch), late: true }))
    .reduce<readonly Cut[]>(withCut, []);
}

/** How many flows were dropped, of those that the ledger tells of. @param batch by this cut; absent: by all */
export async function droppedFlows(store: Store, batch?: string): Promise<number> {
  const [row] = await (batch === undefined
    ? store.database.rows('SELECT coalesce(sum(flows), 0) FROM druid_cut')
    : store.database.rows('SELECT coalesce(sum(flows), 0) FROM druid_cut WHERE batch = $1', [batch]));
  return Number(row?.[0] ?? 0);
}

/** Whether anything is known from before a moment. @param before Unix seconds, on a whole hour */
export async function hasRecordsBefore(store: Store, before: number): Promise<boolean> {
  const [row] = await store.database.rows(
    'SELECT (SELECT count(*) FROM logged_hour WHERE hour < $1::UINTEGER) + (SELECT count(*) FROM coverage_record WHERE hour < $1::UINTEGER)',
    [before / 3600],
  );
  return Number(row?.[0] ?? 0) > 0;
}

/** Enters a cut: what is known here from before it goes, in the transaction that says so. */
export async function enterCut(run: Run, { before, batch }: Pick<Cut, 'before' | 'batch'>): Promise<void> {
  const hour = before / 3600;
  await run(
    'INSERT INTO druid_cut SELECT $1::UINTEGER, $2, coalesce(sum(flows), 0) FROM logged_hour WHERE hour < $3::UINTEGER',
    [before, batch, hour],
  );
  await run('DELETE FROM logged_hour WHERE hour < $1::UINTEGER', [hour]);
  await run('DELETE FROM coverage_record WHERE hour < $1::UINTEGER', [hour]);
  await run(
    'DELETE FROM quarantined_line WHERE input IN (SELECT id FROM input WHERE last_start < $1::UINTEGER)',
    [before],
  );
  for (const table of ['visit', 'unkept_visits'])
    await run(`DELETE FROM ${table} WHERE began < $1::UBIGINT`, [BigInt(before) * 1000n]);
}

/** Of a batch that began before a cut and came after it, so many flows were dropped by it. */
export async function addDropped(run: Run, batch: string, flows: number): Promise<void> {
  await run('UPDATE druid_cut SET flows = flows + $1::UBIGINT WHERE batch = $2', [BigInt(flows), batch]);
}
