// Topics whose messages are gone before they were read, and topics that are deleted and made anew.
import { expect, test, vi } from 'vitest';
import { FollowedSource } from '../../src/service/followed-source.ts';
import type { SourceSink } from '../../src/sources/source.ts';
import { WAIT, lines, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { kafkaSource } from './support/kafka-reading.ts';

const { within } = useTopics();

/** A sink that waits before it takes messages, until it is let go. */
function holding(sink: SourceSink): {
  readonly sink: SourceSink;
  readonly held: () => boolean;
  letGo(): void;
} {
  let waits = false;
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    sink: {
      positions: () => sink.positions(),
      takeObjects: (inputs) => sink.takeObjects(inputs),
      async takeMessages(delivery) {
        if (delivery.messages.length > 0) {
          waits = true;
          await gone;
        }
        await sink.takeMessages(delivery);
      },
    },
    held: () => waits,
    letGo: () => letGo(),
  };
}

test('messages that were removed before they were read are named', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 5));
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    await topic.produce(lines(5, 10));
    await topic.dropBefore(0, 12);
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual([...ports(0, 5), ...ports(12, 3)]);
    const [[name, text] = [], ...more] = await reading.quarantine();
    expect(more).toEqual([]);
    expect(name).toBe(`kafka:${topic.name}/0/5-11`);
    expect(text).toContain('The messages 5 to 11, 7 at most, are lost');
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.quarantine()).toHaveLength(1);
  }));

test('also while it is followed', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 5));
    const source = await kafkaSource(kafka, topic.name, group);
    await reading.follow(source).stop();
    const first = reading.follow(source);
    await vi.waitFor(async () => expect(await reading.flows()).toBe(5), WAIT);
    await first.stop();
    await topic.produce(lines(5, 10));
    await topic.dropBefore(0, 7);
    const second = reading.follow(source);
    await vi.waitFor(async () => expect(await reading.flows()).toBe(13), WAIT);
    await second.stop();
    expect((await reading.quarantine()).map(([name]) => name)).toEqual([`kafka:${topic.name}/0/5-6`]);
  }));

test.each([
  ['shorter', 3],
  ['longer', 30],
])(
  'a topic that was deleted and made anew, and is %s, is read from its beginning, and that is said',
  (_, count) =>
    within({ partitions: 2 }, async ({ kafka, topic, group, reading }) => {
      await topic.produce(lines(0, 10), { partition: 0 });
      await topic.produce(lines(10, 10), { partition: 1 });
      const source = await kafkaSource(kafka, topic.name, group);
      await reading.readOnce(source);
      await topic.remake(2);
      await vi.waitFor(() => topic.produce(lines(1000, count), { partition: 0 }), WAIT);
      await reading.readOnce(source);
      expect(await reading.ports()).toEqual([...ports(0, 20), ...ports(1000, count)]);
      expect((await reading.quarantine()).map(([name]) => name)).toEqual([
        `kafka:${topic.name}/0/anew-at-0`,
        `kafka:${topic.name}/1/anew-at-0`,
      ]);
      for (const [, text] of await reading.quarantine()) {
        expect(text).toContain('it has another id');
        expect(text).not.toContain('end at');
      }
      expect(await reading.positions()).toEqual({ 0: String(count), 1: '0' });
    }),
);

test('a topic that is not there is refused, with those that are', () =>
  within({}, async ({ kafka, topic, reading }) => {
    for (const follow of [false, true]) {
      const source = await kafkaSource(kafka, `${topic.name}-no`, newGroup());
      const failure = follow ? reading.follow(source).ended : reading.readOnce(source);
      await expect(failure).rejects.toMatchObject({ code: 'source_refused' });
      await expect(failure).rejects.toThrow(/There are: .*flow-logs-/);
    }
  }));

test('messages that retention removes before a slow store reads them are reported as lost, and reading goes on', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 10));
    const slow = holding(reading.sink);
    const following = reading.follow(await kafkaSource(kafka, topic.name, group), slow.sink);
    await vi.waitFor(() => expect(slow.held()).toBe(true), WAIT);
    // It is at offset 10, and looks no further meanwhile.
    await topic.produce(lines(10, 50));
    await topic.dropBefore(0, 45);
    slow.letGo();
    await vi.waitFor(async () => expect(await reading.flows()).toBe(25), WAIT);
    await topic.produce(lines(60, 5));
    await vi.waitFor(async () => expect(await reading.flows()).toBe(30), WAIT);
    await following.stop();
    expect(await reading.ports()).toEqual([...ports(0, 10), ...ports(45, 20)]);
    expect(await reading.quarantine()).toEqual([
      [`kafka:${topic.name}/0/10-44`, expect.stringContaining('10 to 44, 35 at most, are lost') as string],
    ]);
    expect(await topic.committed(group)).toEqual([65]);
  }));

test('a topic that is deleted while it is followed is waited for, and read from its beginning once it is there again', () =>
  within({ partitions: 2 }, async ({ kafka, topic, group, reading }) => {
    const source = await kafkaSource(kafka, topic.name, group);
    const followed = new FollowedSource(source, reading.sink, {
      follow: true,
      mustStart: true,
      firstWait: 100,
    });
    const ending = new AbortController();
    const run = followed.run(ending.signal);
    await topic.produce(lines(0, 30), { partition: 0 });
    await vi.waitFor(async () => expect(await reading.flows()).toBe(30), WAIT);
    await topic.remake(2, () =>
      vi.waitFor(
        () => expect(followed.status.last_error?.message).toContain(`There is no topic ${topic.name}`),
        WAIT,
      ),
    );
    await vi.waitFor(() => topic.produce(lines(1000, 40), { partition: 1 }), WAIT);
    await vi.waitFor(async () => expect(await reading.flows()).toBe(70), WAIT);
    ending.abort();
    await run;
    expect(await reading.ports()).toEqual([...ports(0, 30), ...ports(1000, 40)]);
    expect(
      (await reading.quarantine()).map(([name, text]) => [name, text.includes('it has another id')]),
    ).toEqual([[`kafka:${topic.name}/0/anew-at-0`, true]]);
    expect(await reading.positions()).toMatchObject({ 1: '40' });
  }));

test('a group that was set to where there is nothing is blamed, not the store', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 5));
    await topic.setGroup(group, 99);
    await reading.readOnce(await kafkaSource(kafka, topic.name, group));
    expect(await reading.ports()).toEqual(ports(0, 5));
    expect(await reading.quarantine()).toEqual([
      [
        `kafka:${topic.name}/0/anew-at-0`,
        expect.stringContaining('The consumer group is at offset 99, but the messages end at 5') as string,
      ],
    ]);
  }));
