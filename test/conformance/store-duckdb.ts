import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbEngine } from '../../src/engine/duckdb/duckdb-engine.ts';
import { EnrichmentUpdater } from '../../src/engine/duckdb/enrichment-updater.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import type { WriteBatch } from '../../src/engine/flow-writer.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { batchOf } from '../support/batch-of.ts';
import { type FlowObject, isFlow } from './flow-object.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

/** The product's own engine over a store on disk, filled the way that ingest fills it. */
export async function storeDuckDb(
  records: readonly FlowObject[],
  enrichment: Enrichment | null = null,
): Promise<DuckDbEngine & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-conformance-'));
  const store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
  await writeRecords(store, 'records', records);
  const addresses = enrichment === null ? null : new EnrichmentUpdater(store, async () => enrichment);
  return Object.assign(new DuckDbEngine(store, addresses), {
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

/** Writes records as one input, the way that ingest does. */
export async function writeRecords(
  store: { write(work: (batch: WriteBatch) => Promise<void>): Promise<void> },
  name: string,
  records: readonly FlowObject[],
): Promise<void> {
  const coverage = records.filter((record) => !isFlow(record));
  await store.write(async (transaction) => {
    const input = transaction.open();
    await transaction.append(input, {
      flows: batchOf(records.filter(isFlow)),
      coverage: batchOf(coverage),
      nodata: coverage.filter((record) => record['log_status'] === 'NODATA').length,
      skipdata: coverage.filter((record) => record['log_status'] === 'SKIPDATA').length,
      quarantined: [],
    });
    transaction.close(input, ledgerEntry(name));
  });
}
