// A topic is followed by processes that are killed again and again.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLine } from '../support/log-lines.ts';
import { followThroughKills } from './support/follow-through-kills.ts';
import { useTopics } from './support/kafka-fixture.ts';

const { within, temp } = useTopics();

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'ended by %s again and again while messages come, the program has each of them once',
  (by) =>
    within({ partitions: 2 }, async ({ kafka, topic, group }) => {
      let written = 0;
      const write = async (): Promise<number> => {
        for (const partition of [0, 1]) {
          const more = Array.from({ length: 2000 }, () => logLine({ bytes: 1000 + ++written }));
          await topic.produce(more, { partition });
        }
        return written;
      };
      await followThroughKills({
        source: [`kafka:${topic.name}`, '--group', group],
        env: { KAFKA_BROKERS: kafka.brokers.PLAINTEXT },
        store: join(temp.path, `ended-${topic.name}`),
        write,
        seed: 41,
        growth: 2000,
        by,
      });
      expect(await topic.committed(group)).toEqual([written / 2, written / 2]);
    }),
);
