import { patiently } from './append-batch.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { Store } from '../duckdb/store.ts';
import type { KafkaAddress } from '../store-driver.ts';
import type { BatchWriter } from './batch-writer.ts';
import { countSegments } from './completeness.ts';
import { choicesOf } from './data-source-choices.ts';
import type { DruidServer } from './druid-server.ts';
import { KafkaTopic } from './kafka-topic.ts';
import { hasLedgerTables } from './ledger/ledger-tables.ts';
import { LedgerTopic, ledgerNameOf } from './ledger/ledger-topic.ts';
import { SharedLedger } from './ledger/shared-ledger.ts';
import { beginLedger } from './ledger/begin-ledger.ts';
import { LocalWriter } from './local-writer.ts';
import { OpenBatches } from './open-batches.ts';
import { isMarkedRolledUp, markRolledUp } from './rollup-mark.ts';
import { type RowSender, TaskSender } from './row-sender.ts';
import { SharedWriter } from './shared-writer.ts';

/**
 * How batches come into a store. With Kafka the ledger is a topic that all processes share which fill the data source; without, or
 * where a store began without, it is in the store's own folder, and one process fills the data source.
 *
 * @param kafka null: rows come by tasks
 * @throws PeepholeError `usage` where the data source is another store's, or the ledger is elsewhere
 */
export async function openWriter(
  server: DruidServer,
  store: Store,
  kafka: KafkaAddress | null,
): Promise<BatchWriter> {
  const isShared = await hasLedgerTables(store);
  const topicName = ledgerNameOf(server.datasource);
  if (isShared && kafka === null)
    throw new PeepholeError(
      'usage',
      `The ledger of the data source ${server.datasource} is in Kafka (topic ${topicName}), shared by all processes that fill it. Name the brokers with --engine-kafka.`,
    );
  const batches = await OpenBatches.load(store);
  const [row] = await store.database.rows('SELECT count(*) FROM input');
  const isLocal = !isShared && (Number(row?.[0] ?? 0) > 0 || batches.ids.length > 0);
  if (kafka === null) {
    if (!isLocal) {
      await checkUnused(server, store);
      await markRolledUp(store, (await choicesOf(server)).rollup);
    }
    server.hasRollup = await isMarkedRolledUp(store);
    return new LocalWriter(
      server,
      store,
      batches,
      async (batch) => new TaskSender(server, batch, (await patiently(() => choicesOf(server))).segments),
    );
  }
  if (server.datasource.endsWith(ledgerNameOf('')))
    throw new PeepholeError(
      'usage',
      `${server.datasource} is the name that the ledger of another data source has in Kafka. Name another data source in --engine-url.`,
    );
  const topics = new RowTopic(server, kafka);
  const known = await LedgerTopic.open(topicName, kafka);
  if (isLocal) {
    if (known !== null)
      throw new PeepholeError(
        'usage',
        `The data source ${server.datasource} has its ledger in Kafka (topic ${topicName}), and ${store.options.folder} has one of its own. Name another folder with --store, or another data source in --engine-url.`,
      );
    server.hasRollup = await isMarkedRolledUp(store);
    return closing(new LocalWriter(server, store, batches, () => topics.sender()), topics);
  }
  if (known === null) await checkUnused(server, store);
  const topic = known ?? (await LedgerTopic.make(topicName, kafka));
  try {
    if ((await choicesOf(server)).rollup) await beginLedger(topic);
    // The ledger will say, whatever the folder was for before.
    if (!isShared) await markRolledUp(store, false);
    const ledger = await SharedLedger.open(store, topic);
    server.hasRollup = await isMarkedRolledUp(store);
    return closing(new SharedWriter(server, store, ledger, () => topics.sender()), topics);
  } catch (error) {
    await topic.close();
    throw error;
  }
}

/** Two ledgers must not tell of one data source: neither would know what it has. */
async function checkUnused(server: DruidServer, store: Store): Promise<void> {
  const { datasource, rollupName } = server;
  const counts = await Promise.all([datasource, rollupName].map((name) => countSegments(server, {}, [name])));
  if (counts.every(({ segments, inTasks }) => segments + inTasks === 0)) return;
  const [flows] = counts;
  const used = flows === undefined || flows.segments + flows.inTasks === 0 ? rollupName : datasource;
  throw new PeepholeError(
    'usage',
    `The data source ${used} of Druid at ${server.where} has rows, and ${store.options.folder} knows nothing of them: its ledger is in the folder that it was filled from, or in Kafka. Name that folder with --store, or the brokers with --engine-kafka, or another data source in --engine-url. Without Kafka one process fills a data source, since Druid has nothing by which several could agree which of them brings an input.`,
  );
}

/** The topic that rows get to Druid by, opened when it is needed, and again after it broke. */
class RowTopic {
  readonly #server: DruidServer;
  readonly #kafka: KafkaAddress;
  #topic: KafkaTopic | null = null;

  constructor(server: DruidServer, kafka: KafkaAddress) {
    this.#server = server;
    this.#kafka = kafka;
  }

  async sender(): Promise<RowSender> {
    if (this.#topic?.broken === true) await this.close();
    this.#topic ??= await KafkaTopic.open(this.#server, this.#kafka);
    return this.#topic;
  }

  async close(): Promise<void> {
    await this.#topic?.close();
    this.#topic = null;
  }
}

/** A writer that lets go of its topic too. */
function closing(writer: BatchWriter, topics: RowTopic): BatchWriter {
  const close = writer.close.bind(writer);
  writer.close = async () => {
    await close();
    await topics.close();
  };
  return writer;
}
