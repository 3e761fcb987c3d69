import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ClickHouseServer } from '../../src/engine/clickhouse/server.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { finished, peephole, start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { clickhouseForTests, onCluster, whyNot } from './clickhouse-server.ts';
import { rejectedFlows as flows } from './rejected-flows.ts';
import { openClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 240_000 });

const DAY = 86_400;

describe.skipIf(whyNot !== null || onCluster !== undefined)(
  `a process that is killed while it rewrites ClickHouse (${whyNot ?? 'chdb'})`,
  () => {
    const server = clickhouseForTests();
    const folder = useTempFolder();
    let runs = 0;
    const command = (url: string, args: readonly string[]): readonly string[] => [
      ...args,
      '--engine',
      'clickhouse',
      '--engine-url',
      url,
      '--store',
      join(folder.path, `run-${runs++}`),
      '--quiet',
    ];

    /** Begins a command, and kills it as soon as it has sent a statement, which the server goes on with. */
    async function killAt(url: string, args: readonly string[], statement: string): Promise<void> {
      const { origin } = new URL(url);
      const hold = (text: string): Promise<Response> =>
        fetch(`${origin}/test/hold?text=${encodeURIComponent(text)}`);
      await fetch(`${origin}/test/seen`);
      await hold(statement);
      const child = start(command(url, args));
      const ended = finished(child);
      const sent = async (): Promise<boolean> => {
        const seen = (await (await fetch(`${origin}/test/seen`)).json()) as { statement: string }[];
        return seen.some((one) => one.statement.includes(statement));
      };
      await expect.poll(sent, { timeout: 60_000 }).toBe(true);
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      await hold('');
    }

    /** As if the time for which a claim holds had passed. */
    async function claimEnds(url: string): Promise<void> {
      const database = new ClickHouseServer({ url, username: 'default', password: '' });
      await database.run(
        "ALTER TABLE input_claim UPDATE at = at - INTERVAL 121 SECOND WHERE sha256 = 'rollups' SETTINGS mutations_sync = 2",
      );
      await database.close();
    }

    /** By the rollup, and by the flows themselves. */
    async function answersOf(store: FlowStore): Promise<unknown> {
      await store.settled();
      const ask = async (measures: string[]): Promise<unknown> =>
        (await store.query(parseQuery({ splits: [{ field: 'srcaddr' }], measures }))).rows;
      const { flows: rolledUp, raw_flows } = await store.status();
      return {
        hours: await ask(['flows', 'bytes']),
        rows: await ask(['flows', 'connections']),
        rolledUp,
        raw_flows,
      };
    }

    it.each(['INSERT INTO rollup_merge', 'INSERT INTO flow_hour_row', 'INSERT INTO rollup_state SELECT', 'ALTER TABLE flow_hour_row DELETE', 'ALTER TABLE rollup_state DELETE'])(
    'compact, at %s: answers stay, others are refused until its claim ends, and then it is done',
    async (statement) => {
      const url = server.database();
      const store = await openClickHouse(url);
      for (let i = 0; i < 3; i++) await writeRecords(store, `batch ${i}`, flows(30, 1_529_452_800));
      const before = await answersOf(store);
      await killAt(url, ['compact'], statement);
      expect(await answersOf(store)).toEqual(before);
      await expect(store.compact()).rejects.toMatchObject({ code: 'store_busy' });
      const refused = await peephole(command(url, ['retain', '--keep', 'P1D']));
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(/Another process/);
      await writeRecords(store, 'meanwhile', flows(7, 1_529_452_800));
      await claimEnds(url);
      expect(await store.compact()).toMatchObject({ flows: 97 });
      expect(await answersOf(store)).toMatchObject({ rolledUp: 97, raw_flows: 97 });
      await store.close();
    },
  ); // prettier-ignore

    it('retain, between two tables: asked again it ends what it began, and nothing comes back', async () => {
      const url = server.database();
      const store = await openClickHouse(url);
      for (let i = 0; i < 4; i++) await writeRecords(store, `day ${i}`, flows(20, 1_529_452_800 + i * DAY));
      await killAt(url, ['retain', '--keep', 'P1D'], 'ALTER TABLE flow_hour_row DELETE');
      await expect(store.compact()).rejects.toMatchObject({ code: 'store_busy' });
      await claimEnds(url);
      await store.retain({ keep: 'P1D', keepRaw: null });
      await store.compact();
      expect(await answersOf(store)).toMatchObject({ rolledUp: 40, raw_flows: 40 });
      await store.close();
    });
  },
);
