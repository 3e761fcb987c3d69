import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseStore } from '../../src/engine/clickhouse/clickhouse-store.ts';
import { setUp } from '../../src/engine/clickhouse/set-up.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { onCluster } from './clickhouse-server.ts';
import type { FlowObject } from '../conformance/flow-object.ts';

/** Opens a store in a database; its folder on this machine goes when it is closed. */
export async function openClickHouse(url: string): Promise<FlowStore> {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-clickhouse-store-'));
  const server = { url, username: 'default', password: '' };
  if (onCluster !== undefined) await setUp(server, false, { cluster: onCluster });
  const store = await ClickHouseStore.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2, server });
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
  };
  return store;
}

/** The product's own store in ClickHouse, filled the way that ingest fills it. */
export async function storeClickHouse(
  url: string,
  records: readonly FlowObject[],
  enrichment: Enrichment | null = null,
): Promise<FlowStore> {
  const store = await openClickHouse(url);
  await writeRecords(store, 'records', records);
  if (enrichment !== null) store.enrichFrom(async () => enrichment);
  return store;
}
