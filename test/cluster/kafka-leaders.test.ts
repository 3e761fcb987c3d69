// A partition that has no leader: its only broker is gone. The others go on.
import { expect, test, vi } from 'vitest';
import { connectionOptions } from '../../src/sources/kafka/connection-options.ts';
import { readOnce } from '../../src/sources/kafka/read-topic.ts';
import { TopicClient } from '../../src/sources/kafka/topic-client.ts';
import { TopicReader } from '../../src/sources/kafka/topic-reader.ts';
import { noSourceOptions } from '../../src/sources/source.ts';
import { startKafka } from './servers/kafka.ts';
import { WAIT, lines, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { ReadingStore, kafkaSource } from './support/kafka-reading.ts';
import { createTopic } from './support/kafka-topic.ts';

const { within, temp } = useTopics();
const quick = ['broker.session.timeout.ms=2000', 'broker.heartbeat.interval.ms=300'];

test('a partition whose broker is gone is named and waits, the others are read, and it catches up', async () => {
  const kafka = await startKafka(quick);
  try {
    // What groups commit is at the broker that stays.
    const before = await createTopic(kafka);
    await before.setGroup(newGroup(), 0);
    await before.remove();
    const second = await kafka.addBroker();
    await within(
      { brokers: [1, 2] },
      async ({ topic, group, reading }) => {
        const follow = async (store: ReadingStore, ofGroup: string) =>
          store.follow(await kafkaSource(kafka, topic.name, ofGroup));
        await topic.produce(lines(0, 10), { partition: 0 });
        await topic.produce(lines(10, 10), { partition: 1 });
        const following = await follow(reading, group);
        await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
        await second.kill();
        await topic.produce(lines(20, 10), { partition: 0 });
        await vi.waitFor(async () => expect(await reading.flows()).toBe(30), WAIT);
        const waits = ['Partition 1 waits, since there is no leader. It goes on as soon as that is over.'];
        await vi.waitFor(() => expect(following.progress.warnings).toEqual(waits), WAIT);
        expect(following.progress).toMatchObject({ live: false, lagSeconds: null, lagObjects: null });

        // Whoever begins meanwhile has the same.
        const other = await ReadingStore.open(temp.path, `${topic.name}-2`);
        const begun = await follow(other, newGroup());
        await vi.waitFor(async () => expect(await other.flows()).toBe(20), WAIT);
        await vi.waitFor(() => expect(begun.progress.warnings).toEqual(waits), WAIT);
        const environment = { KAFKA_BROKERS: kafka.brokers.PLAINTEXT };
        const client = new TopicClient(
          topic.name,
          await connectionOptions({ name: '', options: noSourceOptions, environment }),
        );
        const third = await ReadingStore.open(temp.path, `${topic.name}-3`);
        const run = {
          sink: third.sink,
          follow: false,
          signal: new AbortController().signal,
          note: () => undefined,
        };
        const reader = new TopicReader({
          topic: topic.name,
          group: newGroup(),
          client,
          run,
          onProgress: () => undefined,
        });
        await expect(readOnce(reader, client, newGroup(), run, 0)).rejects.toMatchObject({
          code: 'source_failed',
          message: `Not all of the topic was read. ${waits[0]}`,
        });
        expect(await third.flows()).toBe(20);
        await client.close();

        await second.start();
        await topic.produce(lines(30, 10), { partition: 1 });
        await vi.waitFor(async () => expect(await reading.flows()).toBe(40), WAIT);
        await vi.waitFor(async () => expect(await other.flows()).toBe(40), WAIT);
        await vi.waitFor(() => expect(following.progress).toMatchObject({ live: true, warnings: [] }), WAIT);
        expect(await reading.ports()).toEqual(ports(0, 40));
        expect(await other.ports()).toEqual(ports(0, 40));
        await Promise.all([following.stop(), begun.stop()]);
        await Promise.all([other.close(), third.close()]);
      },
      kafka,
    );
  } finally {
    await kafka.remove();
  }
});
