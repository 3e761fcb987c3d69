import type { ServerAddress } from '../store-driver.ts';
import { consumerProperties, withoutSecrets } from './consumer-properties.ts';
import { DruidServer } from './druid-server.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { LedgerTopic, ledgerNameOf } from './ledger/ledger-topic.ts';
import { appendTask, compactionConfig, supervisorSpec } from './task-spec.ts';

/**
 * As `StoreDriver.setUp`: the data source comes with the first rows; what is set up before is how its segments are
 * brought together and, where rows come by Kafka, their topic and its supervisor.
 */
export async function setUp(address: ServerAddress, dryRun: boolean): Promise<readonly string[]> {
  const server = new DruidServer(address);
  const compaction = JSON.stringify(compactionConfig(server.datasource), null, 2);
  const { kafka } = address;
  if (!dryRun) await server.post('/druid/coordinator/v1/config/compaction', compaction);
  if (!dryRun && kafka !== undefined) await (await KafkaTopic.open(server, kafka)).close();
  if (!dryRun && kafka !== undefined)
    await (await LedgerTopic.make(ledgerNameOf(server.datasource), kafka)).close();
  const task = JSON.stringify(appendTask('<batch>', server.datasource, '<rows>'), null, 2);
  return [
    `POST /druid/coordinator/v1/config/compaction\n${compaction}`,
    kafka !== undefined
      ? `POST /druid/indexer/v1/supervisor\n${JSON.stringify(supervisorSpec(server.datasource, kafka, withoutSecrets(consumerProperties(kafka))), null, 2)}`
      : `POST /druid/indexer/v1/task, for each batch that comes in\n${task}`,
  ];
}
