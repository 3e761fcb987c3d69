// Topics that are followed, through restarts, members that come and go, and brokers that stop.
import { join } from 'node:path';
import { Consumer } from '@platformatic/kafka';
import { expect, test, vi } from 'vitest';
import { startKafka } from './servers/kafka.ts';
import { WAIT, lines, membersOf, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { ReadingStore, kafkaSource } from './support/kafka-reading.ts';

const { within, temp } = useTopics();

test('messages are in the store within seconds, offsets are committed, and it ends on a signal', () =>
  within({ partitions: 2 }, async ({ kafka, topic, group, reading }) => {
    const following = reading.follow(await kafkaSource(kafka, topic.name, group));
    await vi.waitFor(() => expect(following.progress.live).toBe(true), WAIT);
    for (let i = 0; i < 5; i++) {
      const produced = performance.now();
      await topic.produce(lines(100 * i, 100), { partition: i % 2, timestamp: Date.now() });
      await vi.waitFor(async () => expect(await reading.flows()).toBe(100 * (i + 1)), WAIT);
      expect(performance.now() - produced).toBeLessThan(5000);
    }
    await vi.waitFor(async () => expect(await topic.committed(group)).toEqual([300, 200]), WAIT);
    await vi.waitFor(
      () => expect(following.progress).toEqual({ live: true, lagSeconds: 0, lagObjects: 0, warnings: [] }),
      WAIT,
    );
    await following.stop();
    expect(await reading.ports()).toEqual(ports(0, 500));
    expect(await membersOf(kafka, group)).toBe(0);
  }));

test('restarts again and again, with what comes meanwhile', () =>
  within({ partitions: 3 }, async ({ kafka, topic, group, reading }) => {
    let produced = 0;
    for (let round = 0; round < 6; round++) {
      const following = reading.follow(await kafkaSource(kafka, topic.name, group));
      for (let i = 0; i < 3; i++) {
        await topic.produce(lines(produced, 300), { partition: i });
        produced += 300;
      }
      const some = produced - 400;
      await vi.waitFor(async () => expect(await reading.flows()).toBeGreaterThanOrEqual(some), WAIT);
      await following.stop();
    }
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual(ports(0, produced));
    expect(await topic.committed(group)).toEqual([1800, 1800, 1800]);
  }));

test('a second member of the group joins and leaves', () =>
  within({ partitions: 4 }, async ({ kafka, topic, group, reading }) => {
    const following = reading.follow(await kafkaSource(kafka, topic.name, group));
    let produced = 0;
    const produce = async (): Promise<void> => {
      for (let i = 0; i < 4; i++) {
        await topic.produce(lines(produced, 200), { partition: i });
        produced += 200;
      }
    };
    await produce();
    await vi.waitFor(async () => expect(await reading.flows()).toBe(produced), WAIT);
    const other = new Consumer({
      clientId: 'other',
      groupId: group,
      bootstrapBrokers: [kafka.brokers.PLAINTEXT],
      heartbeatInterval: 500,
    });
    other.topics.track(topic.name);
    await Promise.all([other.joinGroup({}), produce()]);
    await vi.waitFor(() => expect(other.assignments?.[0]?.partitions).toHaveLength(2), WAIT);
    const taken = other.assignments![0]!.partitions;
    await produce();
    // Ours all, of the other's at least nothing twice.
    await vi.waitFor(async () => {
      const positions = await reading.positions();
      for (const partition of [0, 1, 2, 3].filter((one) => !taken.includes(one)))
        expect(positions[partition]).toBe('600');
    }, WAIT);
    await new Promise<void>((resolve) => {
      other.close(true, () => resolve());
    });
    await produce();
    await vi.waitFor(async () => expect(await reading.flows()).toBe(produced), WAIT);
    // Also if the group was rebalancing during the commit.
    await vi.waitFor(async () => expect(await topic.committed(group)).toEqual([800, 800, 800, 800]), WAIT);
    await following.stop();
    expect(await reading.ports()).toEqual(ports(0, produced));
  }));

test('two readers with stores of their own share a group', () =>
  within({ partitions: 4 }, async ({ kafka, topic, group, reading }) => {
    const second = await ReadingStore.open(join(temp.path), `${topic.name}-second`);
    try {
      const one = reading.follow(await kafkaSource(kafka, topic.name, group));
      const two = second.follow(await kafkaSource(kafka, topic.name, group));
      await vi.waitFor(async () => expect(await membersOf(kafka, group)).toBe(2), WAIT);
      await vi.waitFor(() => {
        expect(one.progress.live).toBe(true);
        expect(two.progress.live).toBe(true);
      }, WAIT);
      for (let i = 0; i < 4; i++) await topic.produce(lines(100 * i, 100), { partition: i });
      await vi.waitFor(async () => {
        const all = [...(await reading.ports()), ...(await second.ports())];
        expect(all.toSorted((a, b) => a - b)).toEqual(ports(0, 400));
      }, WAIT);
      expect(await second.flows()).toBe(200);
      await Promise.all([one.stop(), two.stop()]);
    } finally {
      await second.close();
    }
  }));

test('partitions that are added are read', () =>
  within({ partitions: 1 }, async ({ kafka, topic, group, reading }) => {
    const following = reading.follow(await kafkaSource(kafka, topic.name, group));
    await topic.produce(lines(0, 10));
    await vi.waitFor(async () => expect(await reading.flows()).toBe(10), WAIT);
    await topic.growTo(3);
    await vi.waitFor(() => topic.produce(lines(10, 10), { partition: 2 }), WAIT);
    await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
    await following.stop();
    expect(await reading.ports()).toEqual(ports(0, 20));
  }));

test('a broker that is stopped, or killed, and comes back', async () => {
  const own = await startKafka();
  try {
    await within(
      { partitions: 2 },
      async ({ topic, group, reading }) => {
        const following = reading.follow(await kafkaSource(own, topic.name, group));
        await topic.produce(lines(0, 100), { partition: 0 });
        await vi.waitFor(async () => expect(await reading.flows()).toBe(100), WAIT);
        await own.stop();
        await own.start();
        await vi.waitFor(() => topic.produce(lines(100, 100), { partition: 1 }), WAIT);
        await vi.waitFor(async () => expect(await reading.flows()).toBeGreaterThanOrEqual(200), WAIT);
        await own.kill();
        await own.start();
        await vi.waitFor(() => topic.produce(lines(200, 100), { partition: 0 }), WAIT);
        await vi.waitFor(async () => expect((await reading.ports()).at(-1)).toBe(299), WAIT);
        await following.stop();
        expect(new Set(await reading.ports())).toEqual(new Set(ports(0, 300)));
        // Each offset once, whatever the producer sent twice.
        const positions = await reading.positions();
        expect(await reading.flows()).toBe(Number(positions[0]) + Number(positions[1]));
      },
      own,
    );
    const reading = await ReadingStore.open(temp.path, 'gone');
    const source = await kafkaSource(own, 'gone', newGroup());
    await own.stop();
    await expect(reading.readOnce(source)).rejects.toMatchObject({ code: 'source_failed' });
    await reading.close();
  } finally {
    await own.remove();
  }
});
