import type { Store } from '../../duckdb/store.ts';
import type { WriteTransaction } from '../../duckdb/write-transaction.ts';

/** A batch that began, and whose rows are not seen. */
export interface HiddenBatch {
  /** False: it came to an end, and will never be seen. */
  readonly open: boolean;
}

/** How far a store has come in the ledger. */
export interface LedgerPlace {
  /** The topic's id. */
  readonly topic: string;
  /** The offset of the first record that was not applied. */
  readonly applied: number;
  /** The offset to read from after a new start: of the first part of a batch that is not committed, if there is one. */
  readonly reading: number;
}

/** Runs a statement in a transaction. */
export type Run = (
  sql: string,
  params: NonNullable<Parameters<WriteTransaction['run']>[1]>,
) => Promise<unknown>;

const tables = {
  druid_ledger_place: 'topic VARCHAR NOT NULL, applied UBIGINT NOT NULL, reading UBIGINT NOT NULL',
  druid_ledger_batch: 'id VARCHAR NOT NULL, open BOOLEAN NOT NULL',
  druid_ledger_ids: 'source VARCHAR NOT NULL, version UBIGINT NOT NULL',
};

/** Makes the tables in which a store keeps how far it is in a ledger that it shares. */
export async function makeLedgerTables(store: Store): Promise<void> {
  await store.writeBeside(async (api) => {
    for (const [name, columns] of Object.entries(tables))
      await api.run(`CREATE TABLE IF NOT EXISTS ${name} (${columns})`);
  });
}

/** Whether a store's ledger is a shared one. */
export async function hasLedgerTables(store: Store): Promise<boolean> {
  const rows = await store.database.rows(
    "SELECT 1 FROM duckdb_tables() WHERE table_name = 'druid_ledger_place'",
  );
  return rows.length > 0;
}

export async function readPlace(store: Store): Promise<LedgerPlace | null> {
  const [row] = await store.database.rows('SELECT topic, applied, reading FROM druid_ledger_place');
  return row === undefined
    ? null
    : { topic: String(row[0]), applied: Number(row[1]), reading: Number(row[2]) };
}

export async function readBatches(store: Store): Promise<ReadonlyMap<string, HiddenBatch>> {
  const rows = await store.database.rows('SELECT id, open FROM druid_ledger_batch');
  return new Map(rows.map(([id, open]) => [String(id), { open: open === true }]));
}

export async function readIdsVersions(store: Store): Promise<ReadonlyMap<string, number>> {
  const rows = await store.database.rows('SELECT source, version FROM druid_ledger_ids');
  return new Map(rows.map(([source, version]) => [String(source), Number(version)]));
}

export async function writePlace(run: Run, { topic, applied, reading }: LedgerPlace): Promise<void> {
  await run('DELETE FROM druid_ledger_place', []);
  await run('INSERT INTO druid_ledger_place VALUES ($1, $2, $3)', [topic, BigInt(applied), BigInt(reading)]);
}

/** @param batch null: it is hidden no more */
export async function writeBatch(run: Run, id: string, batch: HiddenBatch | null): Promise<void> {
  await run('DELETE FROM druid_ledger_batch WHERE id = $1', [id]);
  if (batch !== null) await run('INSERT INTO druid_ledger_batch VALUES ($1, $2)', [id, batch.open]);
}

export async function writeIdsVersion(run: Run, source: string, version: number): Promise<void> {
  await run('DELETE FROM druid_ledger_ids WHERE source = $1', [source]);
  await run('INSERT INTO druid_ledger_ids VALUES ($1, $2)', [source, BigInt(version)]);
}
