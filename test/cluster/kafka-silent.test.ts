// A broker that stands still, with its connections open: the others' partitions are read as before.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { startKafka } from './servers/kafka.ts';
import { WAIT, lines, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { ReadingStore, kafkaSource } from './support/kafka-reading.ts';
import { createTopic } from './support/kafka-topic.ts';

const { within, temp } = useTopics();
/** Milliseconds that what comes may take, where nothing waits for the silent broker, which takes 20 seconds to time out. */
const SOON = { timeout: 14_000, interval: 100 };

test('a broker that stands still holds up its own partitions alone, is named, and catches up', async () => {
  // For so long the cluster gives its partitions to nobody.
  const kafka = await startKafka(['broker.session.timeout.ms=120000']);
  try {
    // What groups commit is at the broker that answers.
    const before = await createTopic(kafka);
    await before.setGroup(newGroup(), 0);
    await before.remove();
    const second = await kafka.addBroker();
    await within(
      { brokers: [1, 2] },
      async ({ topic, group, reading }) => {
        await topic.produce(lines(0, 10), { partition: 0 });
        await topic.produce(lines(10, 10), { partition: 1 });
        const following = reading.follow(await kafkaSource(kafka, topic.name, group));
        await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);

        second.freeze();
        for (const batch of [1, 2, 3]) {
          await topic.produce(lines(10 + batch * 10, 10), { partition: 0 });
          await vi.waitFor(async () => expect(await reading.flows()).toBe(20 + batch * 10), SOON);
        }
        const waits = [
          'Partition 1 waits, since broker 2 does not answer. It goes on as soon as that is over.',
        ];
        await vi.waitFor(() => expect(following.progress.warnings).toEqual(waits), SOON);
        expect(following.progress).toMatchObject({ live: false, lagSeconds: null });

        // Whoever begins meanwhile waits for it no longer than that.
        const other = await ReadingStore.open(temp.path, `${topic.name}-2`);
        const begun = other.follow(await kafkaSource(kafka, topic.name, newGroup()));
        await vi.waitFor(async () => expect(await other.flows()).toBe(40), SOON);
        expect(begun.progress.warnings).toEqual(waits);

        second.thaw();
        await vi.waitFor(async () => expect(await reading.flows()).toBe(50), WAIT);
        await vi.waitFor(async () => expect(await other.flows()).toBe(50), WAIT);
        await topic.produce(lines(50, 10), { partition: 1 });
        await vi.waitFor(async () => expect(await reading.flows()).toBe(60), WAIT);
        await vi.waitFor(() => expect(following.progress).toMatchObject({ live: true, warnings: [] }), WAIT);
        await vi.waitFor(async () => expect(await other.flows()).toBe(60), WAIT);
        expect(await reading.ports()).toEqual(ports(0, 60));
        expect(await other.ports()).toEqual(ports(0, 60));
        await Promise.all([following.stop(), begun.stop()]);
        await other.close();
      },
      kafka,
    );
  } finally {
    await kafka.remove();
  }
});

test('where the first broker of the list never answers, the next one is asked', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    await within({}, async ({ kafka, topic, group, reading }) => {
      await topic.produce(lines(0, 10));
      const first = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const environment = { KAFKA_BROKERS: `${first},${kafka.brokers.PLAINTEXT}` };
      const source = await kafkaSource(kafka, topic.name, group, environment);
      await reading.readOnce(source);
      expect(await reading.flows()).toBe(10);
      const following = reading.follow(source);
      await topic.produce(lines(10, 10));
      await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
      await following.stop();
    });
  } finally {
    silent.close();
  }
});
