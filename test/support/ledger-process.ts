import { makeCutTable } from '../../src/engine/druid/cut-table.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import { Journal, type BesideRows } from '../../src/engine/druid/ledger/journal.ts';
import type { MessageLog } from '../../src/engine/druid/ledger/ledger-topic.ts';
import { SharedLedger } from '../../src/engine/druid/ledger/shared-ledger.ts';
import { partOf } from './batch-of.ts';

/** Milliseconds for which a claim of a test keeps others waiting. */
export const LEASE = 300;
/** When the flows of `addInput` begin. */
export const HOUR = 1_529_452_800;

/** What of a process that fills a data source has to do with the ledger. */
export interface LedgerProcess {
  readonly folder: string;
  readonly store: Store;
  readonly ledger: SharedLedger;
  end(): Promise<void>;
}

/** Starts one. @param folder its own, or one that another had, which has ended */
export async function startLedger(log: MessageLog, folder: string, lease = LEASE): Promise<LedgerProcess> {
  const store = await Store.open({ folder, memoryBytes: 256 * 1024 ** 2, threads: 1 }, 'hours');
  try {
    const ledger = await SharedLedger.open(store, log, lease);
    let ended = false;
    const end = async (): Promise<void> => {
      if (ended) return;
      ended = true;
      await ledger.close();
      await store.close();
    };
    return { folder, store, ledger, end };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Adds an input with flows, half an hour after each other. */
export async function addInput(batch: BesideRows, name: string, flows = 3): Promise<void> {
  const id = batch.open();
  await batch.append(id, partOf(Array.from({ length: flows }, (_, i) => ({ start: HOUR + i * 1800 }))));
  batch.close(id, { name, sha256: name, size: 1 });
}

/** A batch whose rows are in Druid, up to its commit, which the caller says when. */
export async function prepareBatch(
  { ledger }: LedgerProcess,
  fill: (batch: BesideRows) => Promise<void>,
): Promise<{ readonly id: string; commit(): Promise<void> }> {
  const journal = new Journal(ledger.known(async () => 0));
  const id = await ledger.begin();
  await fill(journal);
  await ledger.claim(id, journal.hashes);
  return { id, commit: () => ledger.commit(id, journal) };
}

/** Writes a batch, and returns its name. */
export async function writeBatch(
  process: LedgerProcess,
  fill: (batch: BesideRows) => Promise<void>,
): Promise<string> {
  const { id, commit } = await prepareBatch(process, fill);
  await commit();
  return id;
}

/** All that a store has by the ledger, whatever numbers things have there. */
export async function ledgerContents({ store }: Pick<LedgerProcess, 'store'>): Promise<unknown> {
  await makeCutTable(store);
  return Promise.all(
    [
      'SELECT name, sha256, flows, nodata, skipdata, quarantined, first_start, last_start FROM input ORDER BY 1',
      'SELECT hour, flows, nodata, skipdata FROM logged_hour ORDER BY 1',
      'SELECT source, name, position FROM source_position ORDER BY ALL',
      'SELECT source, records, objects FROM source_total ORDER BY ALL',
      'SELECT name, tag FROM source_object ORDER BY ALL',
      'SELECT source, slot, high, low FROM record_id ORDER BY ALL',
      'SELECT i.name, q.line, q.reason, q.text FROM quarantined_line q JOIN input i ON i.id = q.input ORDER BY ALL',
      'SELECT i.name, count(*) FROM coverage_record c JOIN input i ON i.id = c.input GROUP BY 1 ORDER BY 1',
      'SELECT name FROM extra_field ORDER BY ALL',
      'SELECT before, batch, flows FROM druid_cut ORDER BY ALL',
      "SELECT column_name FROM duckdb_columns() WHERE table_name = 'flow' ORDER BY ALL",
    ].map((sql) => store.database.rows(sql)),
  );
}

/** The names of the inputs that are in. */
export async function inputsIn({ store }: LedgerProcess): Promise<readonly string[]> {
  return (await store.database.rows('SELECT name FROM input ORDER BY 1')).map(([name]) => String(name));
}
