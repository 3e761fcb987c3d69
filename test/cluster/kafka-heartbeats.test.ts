// What a group makes of a reader that is slow, or stands still.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { SourceSink } from '../../src/sources/source.ts';
import { finished, peepholeJson, start } from '../support/cli.ts';
import { WAIT, lines, membersOf, ports, useTopics } from './support/kafka-fixture.ts';
import { kafkaSource } from './support/kafka-reading.ts';
import { flowsIn } from './support/kill-while-following.ts';

const { within, temp } = useTopics();
/** Milliseconds, more than a member may be silent (6 s). */
const LONG = 9_000;

test('a write that takes longer than the session costs no membership, and nothing comes twice', () =>
  within({ partitions: 2 }, async ({ kafka, topic, group, reading }) => {
    let writes = 0;
    let begun = 0;
    const sink: SourceSink = {
      async positions() {
        begun++;
        return reading.sink.positions();
      },
      takeObjects: (inputs) => reading.sink.takeObjects(inputs),
      async takeMessages(delivery) {
        if (delivery.messages.length > 0 && writes++ === 0) {
          const until = performance.now() + LONG;
          // All this time the group has its member.
          while (performance.now() < until) {
            expect(await membersOf(kafka, group)).toBe(1);
            await sleep(250);
          }
        }
        await reading.sink.takeMessages(delivery);
      },
    };
    await topic.produce(lines(0, 100), { partition: 0 });
    const following = reading.follow(await kafkaSource(kafka, topic.name, group), sink);
    await vi.waitFor(async () => expect(await reading.flows()).toBe(100), WAIT);
    await topic.produce(lines(100, 100), { partition: 1 });
    await vi.waitFor(async () => expect(await reading.flows()).toBe(200), WAIT);
    // The next offset, not that of the last message.
    await vi.waitFor(async () => expect(await topic.committed(group)).toEqual([100, 100]), WAIT);
    await following.stop();
    expect(await reading.ports()).toEqual(ports(0, 200));
    // Positions are asked for when an assignment begins, and once before each write: there was one assignment.
    expect(begun).toBeLessThanOrEqual(1 + writes);
  }));

test('a process that stands still until the group has given it up goes on, and has each message once', () =>
  within({ partitions: 2 }, async ({ kafka, topic, group }) => {
    const store = join(temp.path, topic.name);
    const env = { KAFKA_BROKERS: kafka.brokers.PLAINTEXT };
    const args = ['ingest', '--follow', '--store', store, '--group', group, `kafka:${topic.name}`];
    await topic.produce(lines(0, 500), { partition: 0 });
    const child = start(args, { env });
    const ended = finished(child);
    try {
      await vi.waitFor(async () => expect(await flowsIn(store)).toBe(500), WAIT);
      for (let round = 1; round <= 2; round++) {
        child.kill('SIGSTOP');
        await topic.produce(lines(500 * round, 500), { partition: round % 2 });
        await vi.waitFor(async () => expect(await membersOf(kafka, group)).toBe(0), WAIT);
        child.kill('SIGCONT');
        await vi.waitFor(async () => expect(await flowsIn(store)).toBe(500 * (round + 1)), WAIT);
      }
      await vi.waitFor(async () => expect(await topic.committed(group)).toEqual([1000, 500]), WAIT);
    } finally {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    }
    expect(await ended).toMatchObject({ code: 0, signal: null });
    const sql = 'SELECT count(*) AS flows, count(DISTINCT srcport) AS different FROM flows';
    expect(await peepholeJson(['sql', '--store', store, '--format', 'json', sql])).toEqual([
      { flows: 1500, different: 1500 },
    ]);
  }));
