import type { KafkaAddress, ServerAddress, SetUpOptions } from '../store-driver.ts';
import { PeepholeError } from '../../model/errors.ts';
import { choicesOf } from './data-source-choices.ts';
import { consumerProperties, withoutSecrets } from './consumer-properties.ts';
import { DruidServer } from './druid-server.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { beginLedger } from './ledger/begin-ledger.ts';
import { decodeRecord } from './ledger/ledger-record.ts';
import { LedgerTopic, ledgerNameOf } from './ledger/ledger-topic.ts';
import { appendTask, compactionConfig, layoutOf, supervisorSpec } from './task-spec.ts';

/**
 * As `StoreDriver.setUp`: the data source comes with the first rows; what is set up before is how its segments are
 * brought together and, where rows come by Kafka, their topic and its supervisors.
 */
export async function setUp(
  address: ServerAddress,
  dryRun: boolean,
  options: SetUpOptions = {},
): Promise<readonly string[]> {
  const server = new DruidServer(address);
  const { kafka } = address;
  const { segments, rollup } = { ...(await choicesOf(server)), ...options };
  server.hasRollup = await getsRollup(server, kafka, rollup, dryRun);
  if (server.hasRollup && options.rollup === false)
    throw new PeepholeError(
      'usage',
      `The data source ${server.datasource} has a rollup by the hour from its first flow on, which can't be taken off. Choose --no-rollup for a new one, before anything is taken in.`,
    );
  const layouts = server.datasources.map((name) => layoutOf(server, name, segments));
  const compactions = layouts.map((layout) => JSON.stringify(compactionConfig(layout, rollup), null, 2));
  if (!dryRun)
    for (const config of compactions) await server.post('/druid/coordinator/v1/config/compaction', config);
  if (!dryRun && kafka !== undefined)
    await (await KafkaTopic.open(server, kafka, options.partitions)).close();
  const shown = kafka === undefined ? null : withoutSecrets(consumerProperties(kafka));
  return [
    ...compactions.map((config) => `POST /druid/coordinator/v1/config/compaction\n${config}`),
    ...layouts.map((layout) =>
      kafka !== undefined && shown !== null
        ? `POST /druid/indexer/v1/supervisor\n${JSON.stringify(supervisorSpec(layout, kafka, options.partitions ?? 1, shown), null, 2)}`
        : `POST /druid/indexer/v1/task, for each batch that comes in\n${JSON.stringify(appendTask('<batch>', layout, '<rows>'), null, 2)}`,
    ),
    'Retention: peephole retain --keep P90D, run regularly. Rules by which Druid drops segments are not used: the ledger would not know of it, and questions about that time would be refused.',
  ];
}

/**
 * Whether a store has a rollup, or will have one when it is begun. Of a store whose ledger is in a folder, nobody knows here: what is
 * set up for a rollup that never comes does nothing.
 *
 * @param wanted what is chosen for a store that has not begun
 */
async function getsRollup(
  { datasource }: DruidServer,
  kafka: KafkaAddress | undefined,
  wanted: boolean,
  dryRun: boolean,
): Promise<boolean> {
  if (kafka === undefined) return wanted;
  const name = ledgerNameOf(datasource);
  const topic = await (dryRun ? LedgerTopic.open(name, kafka) : LedgerTopic.make(name, kafka));
  try {
    if (topic === null) return wanted;
    if (!dryRun && wanted) await beginLedger(topic);
    const [first] = await topic.read(0, 0);
    return first === undefined ? wanted : first.offset === 0 && decodeRecord(first.value).kind === 'rollup';
  } finally {
    await topic?.close();
  }
}
