import { randomBytes } from 'node:crypto';
import { Admin } from '@platformatic/kafka';
import { logLine } from '../../support/log-lines.ts';
import { useTempFolder } from '../../support/temp-folder.ts';
import type { Kafka } from '../servers/kafka.ts';
import { sharedKafka } from '../servers/shared.ts';
import { ReadingStore } from './kafka-reading.ts';
import { type KafkaTopic, type TopicOptions, createTopic } from './kafka-topic.ts';

/** How long tests wait for what comes. */
export const WAIT = { timeout: 60_000, interval: 100 };

export const newGroup = (): string => `group-${randomBytes(6).toString('hex')}`;

/** `count` lines of source ports from `first` on. */
export const lines = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => logLine({ srcport: first + i }));
export const ports = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

/** What a test of a topic has. */
interface TopicFixture {
  readonly kafka: Kafka;
  readonly topic: KafkaTopic;
  readonly group: string;
  readonly reading: ReadingStore;
}

/** Runs a test with a topic, a group and a store that are gone after it. */
export type WithinTopic = (
  options: TopicOptions,
  work: (of: TopicFixture) => Promise<void>,
  of?: Kafka,
) => Promise<void>;

/** For a file of tests: topics at the shared broker, and a folder. */
export function useTopics(): { readonly within: WithinTopic; readonly temp: { readonly path: string } } {
  const temp = useTempFolder();
  return {
    temp,
    async within(options, work, of) {
      const kafka = of ?? (await sharedKafka());
      const topic = await createTopic(kafka, options);
      const reading = await ReadingStore.open(temp.path, topic.name);
      try {
        await work({ kafka, topic, group: newGroup(), reading });
      } finally {
        await reading.close();
        await topic.remove();
      }
    },
  };
}

/** How many members a group has. */
export async function membersOf(kafka: Kafka, group: string): Promise<number> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.brokers.PLAINTEXT] });
  try {
    const groups = await admin.describeGroups({ groups: [group] });
    return groups.get(group)?.members.size ?? 0;
  } finally {
    await admin.close();
  }
}
