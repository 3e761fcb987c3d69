import type { LedgerStatus } from '../../model/engine-status.ts';
import type { Store } from '../duckdb/store.ts';
import type { FlowWriter, WriteBatch } from '../flow-writer.ts';
import type { BatchWriter } from './batch-writer.ts';
import { droppedFlows } from './cut-table.ts';
import { firstKept } from './cuts.ts';
import { DruidBatch } from './druid-batch.ts';
import type { DruidServer } from './druid-server.ts';
import { Journal } from './ledger/journal.ts';
import type { SharedLedger } from './ledger/shared-ledger.ts';
import type { RowSender } from './row-sender.ts';
import type { SeenBatches } from './seen-batches.ts';

/** Writes batches as one of several processes that fill the data source: which come in is decided by the ledger that they share. */
export class SharedWriter implements BatchWriter {
  readonly #server: DruidServer;
  readonly #store: Store;
  readonly #ledger: SharedLedger;
  readonly #sender: () => Promise<RowSender>;
  #others = 0;

  constructor(server: DruidServer, store: Store, ledger: SharedLedger, sender: () => Promise<RowSender>) {
    this.#server = server;
    this.#store = store;
    this.#ledger = ledger;
    this.#sender = sender;
  }

  /** Imports of inventories count too; both numbers only grow. */
  get revision(): number {
    return this.#ledger.revision + this.#others;
  }

  get sources(): FlowWriter['sources'] {
    return this.#ledger.sources;
  }

  get ledger(): LedgerStatus {
    return this.#ledger.status;
  }

  get seen(): SeenBatches {
    return this.#ledger.seen;
  }

  async write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    const journal = new Journal(this.#ledger.known((ids) => this.#knownVisits(ids)));
    let begun: Promise<string> | null = null;
    const id = (): Promise<string> => (begun ??= this.#ledger.begin());
    const batch = new DruidBatch(this.#server, journal, {
      id,
      sender: this.#sender,
      begin: async () => this.#ledger.claim(await id(), journal.hashes),
      firstKept: (name) => firstKept(this.#ledger.seen.cuts, name),
    });
    try {
      const done = await work(batch);
      await batch.finish();
      if (!journal.empty) await this.#ledger.commit(await id(), journal);
      return done;
    } catch (error) {
      // Others need not wait for it; where this can't be said, they do, for a while.
      const name = await (begun as Promise<string> | null)?.catch(() => null);
      if (name != null) await this.#ledger.drop(name, batch.sent).catch(() => undefined);
      throw error;
    }
  }

  async drop(before: number): Promise<number> {
    return droppedFlows(this.#store, await this.#ledger.dropFlows(before));
  }

  current(): Promise<void> {
    return this.#ledger.current();
  }

  refresh(): void {
    this.#others++;
  }

  close(): Promise<void> {
    return this.#ledger.close();
  }

  async #knownVisits(ids: readonly string[]): Promise<number> {
    const [row] = await this.#store.database.rows(
      `SELECT count(*) FROM (SELECT listener, number FROM visit UNION SELECT listener, number FROM unkept_visits)
       WHERE listener || '-' || number IN (SELECT unnest(string_split($1, ',')))`,
      [ids.join(',')],
    );
    return Number(row?.[0] ?? 0);
  }
}
