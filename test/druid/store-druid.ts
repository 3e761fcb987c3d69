import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DruidServer } from '../../src/engine/druid/druid-server.ts';
import { DruidStore } from '../../src/engine/druid/druid-store.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import type { FlowObject } from '../conformance/flow-object.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';

let made = 0;

/** The address of a data source of its own. @param druid the router's */
export function newDataSource(druid: string): string {
  return `${druid}/t${process.pid}_${Date.now().toString(36)}_${made++}`;
}

/** Ends the supervisors that read a store's data sources from Kafka: each takes a place that tasks can run in. */
export async function endSupervisors(server: DruidServer): Promise<void> {
  for (const name of [server.datasource, server.rollupName])
    await server.post(`/druid/indexer/v1/supervisor/${name}/terminate`, '');
}

/** Opens a store in a data source. @param folder its own, which goes when it is closed; absent: a new one */
export async function openDruid(url: string, folder?: string): Promise<FlowStore> {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'peephole-druid-store-')));
  const removeOwn = (): Promise<void> => rm(own, { recursive: true, force: true });
  const store = await DruidStore.open({
    folder: own,
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
    server: { url, username: 'default', password: '' },
  }).catch(async (error: unknown) => {
    if (folder === undefined) await removeOwn();
    throw error;
  });
  if (folder !== undefined) return store;
  const close = store.close.bind(store);
  let closed = false;
  store.close = async () => {
    if (closed) return;
    closed = true;
    await close();
    await removeOwn();
  };
  return store;
}

/** The product's own store in Druid, filled the way that ingest fills it. */
export async function storeDruid(
  url: string,
  records: readonly FlowObject[],
  enrichment: Enrichment | null = null,
): Promise<FlowStore> {
  const store = await openDruid(url);
  try {
    await writeRecords(store, 'records', records);
  } catch (error) {
    await store.close();
    throw error;
  }
  if (enrichment !== null) store.enrichFrom(async () => enrichment);
  return store;
}
