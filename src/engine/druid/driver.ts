import { readManifest } from '../duckdb/store-folder.ts';
import type { ServerAddress, StoreDriver } from '../store-driver.ts';
import { DruidServer } from './druid-server.ts';
import { DruidStore } from './druid-store.ts';
import { LedgerTopic, ledgerNameOf } from './ledger/ledger-topic.ts';
import { setUp } from './set-up.ts';

/** Stores whose flows are in a Druid cluster. */
export const druidDriver: StoreDriver = {
  exists: async ({ folder, server }) => (await readManifest(folder)) !== null || isShared(server),
  open: (options) => DruidStore.open(options),
  setUp,
};

/** Whether there is a ledger for any folder. */
async function isShared(server: ServerAddress | undefined): Promise<boolean> {
  if (server?.kafka === undefined) return false;
  const topic = await LedgerTopic.open(ledgerNameOf(new DruidServer(server).datasource), server.kafka);
  await topic?.close();
  return topic !== null;
}
