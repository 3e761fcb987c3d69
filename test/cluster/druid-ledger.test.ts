import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LedgerTopic } from '../../src/engine/druid/ledger/ledger-topic.ts';
import type { KafkaAddress } from '../../src/engine/store-driver.ts';
import { InputsTaken } from '../../src/engine/input-register.ts';
import {
  type LedgerProcess,
  addInput,
  inputsIn,
  ledgerContents,
  prepareBatch,
  startLedger,
  writeBatch,
} from '../support/ledger-process.ts';
import type { Kafka } from './servers/kafka.ts';
import { kafkaUser } from './servers/kafka-config.ts';
import { sharedKafka } from './servers/shared.ts';

const NAME = `ledger-${process.pid}-${Date.now().toString(36)}`;

describe('the ledger of a data source in Kafka', () => {
  let brokers: readonly string[];
  let kafka: Kafka;
  let folder: string;
  beforeAll(async () => {
    kafka = await sharedKafka();
    brokers = [kafka.brokers.PLAINTEXT];
    folder = await mkdtemp(join(tmpdir(), 'peephole-ledger-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  /** Of some processes the brokers ask for a login. */
  const addressOf = (name: string): KafkaAddress =>
    name === 'one'
      ? { brokers }
      : {
          brokers: [kafka.brokers.SASL_SSL],
          tls: { ca: kafka.certificate },
          login: { mechanism: 'SCRAM-SHA-256', ...kafkaUser },
        };
  const start = async (name: string): Promise<LedgerProcess> =>
    startLedger(await LedgerTopic.make(NAME, addressOf(name)), join(folder, name));

  test('decides for several processes which of them brings an input', async () => {
    // They make the topic at the same moment.
    const [one, other] = await Promise.all([start('one'), start('other')]);
    const late = await prepareBatch(one, (batch) => addInput(batch, 'slow'));
    for (let round = 0; round < 4; round++) {
      const outcomes = await Promise.allSettled(
        [one, other].map((process) => writeBatch(process, (batch) => addInput(batch, `input ${round}`))),
      );
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
    // The claim of the first has run out meanwhile.
    await writeBatch(other, (batch) => addInput(batch, 'slow'));
    await expect(late.commit()).rejects.toBeInstanceOf(InputsTaken);
    // More than a broker takes at once.
    await writeBatch(other, async (batch) => {
      const id = batch.open();
      const lines = Array.from({ length: 4000 }, (_, line) => ({
        line: line + 1,
        reason: 'no flow log',
        text: Array.from({ length: 40 }, () => Math.random().toString(36)).join(' '),
      }));
      const none = { rows: 0, columns: [], texts: [''] };
      await batch.append(id, { flows: none, coverage: none, nodata: 0, skipdata: 0, quarantined: lines });
      batch.close(id, { name: 'large', sha256: 'large', size: 1 });
    });
    await one.ledger.current();
    expect(await inputsIn(one)).toEqual(['input 0', 'input 1', 'input 2', 'input 3', 'large', 'slow']);
    expect(await ledgerContents(one)).toEqual(await ledgerContents(other));
    await one.end();
    const [again, third] = [await start('one'), await start('third')];
    expect(await ledgerContents(again)).toEqual(await ledgerContents(other));
    expect(await ledgerContents(third)).toEqual(await ledgerContents(other));
    expect(third.ledger.seen).toEqual(again.ledger.seen);
    for (const process of [other, again, third]) await process.end();
  });

  test('is refused in a topic that was deleted and made again', async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...brokers] });
    await admin.deleteTopics({ topics: [NAME] });
    await expect.poll(async () => (await admin.listTopics()).includes(NAME)).toBe(false);
    await admin.close();
    await expect(start('one')).rejects.toMatchObject({ code: 'usage' });
  });
});
