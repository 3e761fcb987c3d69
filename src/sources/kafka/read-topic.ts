import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceRun } from '../source.ts';
import type { GroupMember } from './group-member.ts';
import { isRejoin } from './kafka-errors.ts';
import { StillWaitingError } from './leaders.ts';
import type { TopicClient } from './topic-client.ts';
import type { Assignment, TopicReader } from './topic-reader.ts';

/** Milliseconds that messages wait for others, before all go into the store. */
const GATHER = 500;

/** Milliseconds that a reading up to the end waits for partitions without a leader, once all others are read. */
const PATIENCE = 30_000;

/**
 * Reads all partitions up to where they end now. Nobody is a member of the group meanwhile. Throws a `StillWaitingError`
 * where all was read but of partitions whose leader stays away.
 */
export async function readOnce(
  reader: TopicReader,
  client: TopicClient,
  group: string,
  run: SourceRun,
  patience: number = PATIENCE,
): Promise<void> {
  const everything: Assignment = {
    async commit(offsets) {
      try {
        await client.commit(group, offsets);
      } catch (error) {
        // The group has members, who commit for themselves.
        if (!isRejoin(error)) throw error;
      }
    },
    isCurrent: () => true,
  };
  const state = await client.state();
  await reader.begin(state, state.partitions, everything, true);
  let waitsSince: number | null = null;
  while (!run.signal.aborted && !(reader.done && reader.waiting.size === 0)) {
    if (!reader.done) waitsSince = null;
    else if (performance.now() - (waitsSince ??= performance.now()) >= patience) break;
    await client.state(reader.waiting.size > 0);
    await reader.fetch(GATHER);
    if (reader.age >= GATHER) await reader.flush();
    reader.note();
  }
  await reader.flush();
  reader.note();
  if (!run.signal.aborted && reader.waiting.size > 0) throw new StillWaitingError(reader.waiting);
}

/** Reads what the group gives this member of the partitions, until the run is aborted. */
export async function followTopic(
  reader: TopicReader,
  client: TopicClient,
  member: GroupMember,
  { signal, note }: SourceRun,
): Promise<void> {
  let state = await client.state();
  while (!signal.aborted) {
    const partitions = await member.partitions(signal);
    if (partitions === null) return;
    const { changes } = member;
    const isCurrent = (): boolean => changes === member.changes;
    const assignment = {
      commit: (offsets: ReadonlyMap<number, number>) => member.commit(offsets, changes),
      isCurrent,
    };
    await reader.begin(state, partitions, assignment, false);
    while (!signal.aborted && isCurrent()) {
      member.check();
      const now = await client.state(reader.waiting.size > 0);
      if (now.partitions.length !== state.partitions.length || now.id !== state.id) {
        state = now;
        await reader.flush();
        await member.rejoin();
      } else if (partitions.length === 0) {
        note({ live: true, lagSeconds: 0, lagObjects: 0 });
        await sleep(GATHER, undefined, { signal }).catch(() => undefined);
      } else {
        await reader.fetch(Math.max(0, GATHER - reader.age));
        if (isCurrent() && reader.age >= GATHER) await reader.flush();
        reader.note();
      }
    }
    if (isCurrent()) await reader.flush();
  }
}
