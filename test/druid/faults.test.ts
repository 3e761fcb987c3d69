import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DruidServer } from '../../src/engine/druid/druid-server.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { type Druid, startDruid } from '../cluster/servers/druid.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { newDataSource, openDruid } from './store-druid.ts';

const DAY = 86_400;
const START = 1_529_452_800;
const DAYS = 5;
const records = (count: number): Record<string, string | number>[] =>
  Array.from({ length: count }, (_, i) => ({
    srcaddr: `10.0.${i % 7}.${i % 200}`,
    dstport: i % 50,
    bytes: i,
    start: START + (i % DAYS) * DAY + i,
  }));

const time = {
  from: new Date(START * 1000).toISOString(),
  to: new Date((START + 2 * DAY) * 1000).toISOString(),
};
/** Each is known to be whole in another way: by what its groups add up to, or by counts in the same statement. */
const questions = [
  { splits: [{ field: 'dstport', limit: 3 }], measures: ['flows', 'bytes'], other: true },
  { splits: [{ field: 'action', limit: null }], measures: ['flows', 'bytes'] },
  {
    splits: [
      { field: 'srcaddr', limit: 4 },
      { field: 'time', bucket: 'PT1H' },
    ],
    other: true,
  },
  { filter: [{ field: 'dstport', in: [1, 2, 3] }], time, measures: ['flows'] },
].map((json) => parseQuery(json));
/** As many tasks run at once in the cluster of the tests (`druid.worker.capacity`). */
const SLOTS = 6;
/** Ways to say that there is no whole answer now. */
const refusals = ['engine_unreachable', 'engine_failed', 'timeout'];

describe('while services of Druid are away', () => {
  let druid: Druid;
  let store: FlowStore;
  let whole: readonly unknown[];
  beforeAll(async () => {
    druid = await startDruid(2);
    store = await openDruid(newDataSource(druid.url));
    await writeRecords(store, 'first', records(5_000));
    whole = await Promise.all(questions.map(async (question) => (await store.query(question)).rows));
  });
  afterAll(async () => {
    await store?.close();
    await druid?.remove();
  });

  /** What the questions come to: the whole answers, or a refusal; anything else fails the test. */
  async function ask(): Promise<'whole' | 'refused'> {
    const outcomes = await Promise.all(
      questions.map(async (question, i) => {
        try {
          expect((await store.query(question)).rows).toEqual(whole[i]);
          return 'whole';
        } catch (error) {
          if (error instanceof PeepholeError && refusals.includes(error.code)) return 'refused';
          throw error;
        }
      }),
    );
    return outcomes.every((outcome) => outcome === 'whole') ? 'whole' : 'refused';
  }

  test('a question is answered wholly or refused: a historical is killed, and comes back', async () => {
    const asked: Promise<'whole' | 'refused'>[] = [ask(), ask()];
    await druid.kill('historical');
    await Promise.all(asked);
    let refused = 0;
    // Brokers would answer without what it served, until the coordinator has had the other one load that.
    await expect
      .poll(
        async () => {
          const answer = await ask();
          if (answer === 'refused') refused++;
          return answer;
        },
        { timeout: 180_000, interval: 50 },
      )
      .toBe('whole');
    expect(refused).toBeGreaterThan(0);
    expect(await store.status()).toMatchObject({ flows: 5_000, engine: { segments: { unavailable: 0 } } });
    await druid.start('historical');
    expect(await ask()).toBe('whole');
  });

  test('the broker is killed, and comes back', async () => {
    await druid.kill('broker');
    expect(await ask()).toBe('refused');
    await druid.start('broker');
    await expect.poll(ask, { timeout: 120_000, interval: 200 }).toBe('whole');
  });

  test('all slots are taken: it is said at once, and rows come in when one is free', async () => {
    const others = new DruidServer({ url: `${druid.url}/others`, username: '', password: '' });
    const ids = Array.from({ length: SLOTS }, (_, i) => `noop-${i}`);
    const waiting = async (): Promise<number> => (await store.status()).engine.waiting_tasks;
    for (const id of ids)
      await others.beginTask(id, JSON.stringify({ type: 'noop', id, dataSource: 'others', runTime: 30_000 }));
    expect(await waiting()).toBe(0);
    const more = writeRecords(store, 'third', records(300));
    await expect.poll(waiting, { timeout: 60_000, interval: 200 }).toBeGreaterThan(0);
    // The others end by themselves: an indexer lets the thread of such a task sleep on when it is shut down.
    await more;
    expect(await waiting()).toBe(0);
  });

  test('the overlord is away while rows come in: they are in once when it is back', async () => {
    await druid.kill('coordinator');
    const more = writeRecords(store, 'second', records(700));
    await druid.start('coordinator');
    await more;
    await expect
      .poll(async () => (await store.query(parseQuery({ measures: ['flows'] }))).rows, {
        timeout: 120_000,
        interval: 200,
      })
      .toEqual([[6_000]]);
  });
});
