import { inject } from 'vitest';
import type { Druid } from './druid.ts';
import type { Kafka } from './kafka.ts';
import type { Moto } from './moto.ts';

/**
 * The moto that all test files of a run share; the first to ask starts it. Keep to an account of your own
 * (`support/aws-account.ts`); a test that resets or stops one starts its own (`moto.ts`).
 */
export function sharedMoto(): Promise<Moto> {
  return shared('/moto');
}

/** The Kafka that all test files of a run share. Keep to topics and groups of your own. */
export function sharedKafka(): Promise<Kafka> {
  return shared('/kafka');
}

/** The router's address of the Druid cluster that all test files of a run share. Keep to data sources of your own. */
export async function sharedDruid(): Promise<Druid['url']> {
  return (await shared<Druid>('/druid')).url;
}

async function shared<T>(path: string): Promise<T> {
  const answer = await fetch(`${inject('sharedServers')}${path}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text) as T;
}
