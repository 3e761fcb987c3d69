import type { Store } from '../duckdb/store.ts';
import type { FlowWriter, WriteBatch } from '../flow-writer.ts';
import type { BatchWriter } from './batch-writer.ts';
import { droppedFlows, enterCut } from './cut-table.ts';
import { DruidBatch } from './druid-batch.ts';
import type { DruidServer } from './druid-server.ts';
import type { OpenBatches } from './open-batches.ts';
import type { RowSender } from './row-sender.ts';
import type { SeenBatches } from './seen-batches.ts';

/** Writes batches as the only process that fills the data source: its ledger is in the store's own file. */
export class LocalWriter implements BatchWriter {
  readonly ledger = null;
  revision: number;
  readonly #server: DruidServer;
  readonly #store: Store;
  readonly #batches: OpenBatches;
  readonly #senderFor: (batch: string) => Promise<RowSender>;

  constructor(
    server: DruidServer,
    store: Store,
    batches: OpenBatches,
    senderFor: (batch: string) => Promise<RowSender>,
  ) {
    this.#server = server;
    this.#store = store;
    this.#batches = batches;
    this.#senderFor = senderFor;
    this.revision = store.revision;
  }

  get sources(): FlowWriter['sources'] {
    return this.#store.sources;
  }

  get seen(): SeenBatches {
    return this.#batches.seen;
  }

  async write<T>(work: (batch: WriteBatch) => Promise<T>): Promise<T> {
    const id = this.#batches.nextId();
    const sender = await this.#senderFor(id);
    const result = await this.#store.write(async (transaction) => {
      const batch = new DruidBatch(this.#server, transaction, {
        id: async () => id,
        sender: async () => sender,
        begin: () => this.#batches.begin(id),
      });
      const done = await work(batch);
      await batch.finish();
      await this.#batches.commitWith(transaction, id);
      return done;
    });
    await this.#batches.committed(id);
    this.refresh();
    return result;
  }

  async drop(before: number): Promise<number> {
    const cut = { before, batch: this.#batches.nextId(), late: true };
    await this.#store.write((transaction) => enterCut((sql, params) => transaction.run(sql, params), cut));
    this.#batches.cut(cut);
    this.refresh();
    return droppedFlows(this.#store, cut.batch);
  }

  async current(): Promise<void> {}

  refresh(): void {
    this.revision = this.#store.revision;
  }

  async close(): Promise<void> {}
}
