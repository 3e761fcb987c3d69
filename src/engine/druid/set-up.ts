import type { ServerAddress } from '../store-driver.ts';
import { DruidServer } from './druid-server.ts';
import { appendTask, compactionConfig } from './task-spec.ts';

/**
 * As `StoreDriver.setUp`: the data source comes with the first rows; what is set up before is how its segments are
 * brought together.
 */
export async function setUp(address: ServerAddress, dryRun: boolean): Promise<readonly string[]> {
  const server = new DruidServer(address);
  const compaction = JSON.stringify(compactionConfig(server.datasource), null, 2);
  if (!dryRun) await server.post('/druid/coordinator/v1/config/compaction', compaction);
  const task = JSON.stringify(appendTask('<batch>', server.datasource, '<rows>'), null, 2);
  return [
    `POST /druid/coordinator/v1/config/compaction\n${compaction}`,
    `POST /druid/indexer/v1/task, for each batch that comes in\n${task}`,
  ];
}
