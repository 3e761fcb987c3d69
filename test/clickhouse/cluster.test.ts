import { describe, expect, it, vi } from 'vitest';
import { ClickHouseServer } from '../../src/engine/clickhouse/server.ts';
import { setUp } from '../../src/engine/clickhouse/set-up.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { Enrichment } from '../../src/model/catalog/address-facts.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { describeSample } from '../conformance/describe-sample.ts';
import type { FlowObject } from '../conformance/flow-object.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { partOf } from '../support/batch-of.ts';
import { collect } from '../support/collect.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { openClickHouse } from './store-clickhouse.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

vi.setConfig({ testTimeout: 300_000 });

const CLUSTER = 'two_shards';
const START = 1_529_452_800;
const DAY = 86_400;

const addressOf = (url: string) => ({ url, username: 'default', password: '' });

function flows(count: number, start = START): FlowObject[] {
  return Array.from({ length: count }, (_, i) => ({
    start: start + i,
    srcaddr: `198.51.100.${i % 7}`,
    dstaddr: `10.0.0.${i % 50}`,
    srcport: 40_000 + i,
    dstport: 80,
    protocol: 6,
    action: 'REJECT',
    bytes: 40n,
    packets: 1n,
    log_status: 'OK',
  }));
}

async function open(url: string): Promise<FlowStore> {
  await setUp(addressOf(url), false, { cluster: CLUSTER });
  return openClickHouse(url);
}

async function countOf(store: FlowStore): Promise<unknown> {
  return (await store.query(parseQuery({ measures: ['flows'] }))).rows[0]?.[0];
}

describe.skipIf(whyNot !== null)(
  `a store on a cluster of ClickHouse (${whyNot ?? 'chdb, two shards in one process'})`,
  () => {
    const server = clickhouseForTests(CLUSTER);

    describe('answers random queries', () => {
      describeSample(async (records, enrichment?: Enrichment) => {
        const store = await open(server.database());
        await writeRecords(store, 'records', records);
        if (enrichment !== undefined) store.enrichFrom(async () => enrichment);
        return store;
      }, 6);
    });

    it('is set up by statements that ClickHouse reads, and shown before', async () => {
      const url = server.database();
      const statements = await setUp(addressOf(url), true, { cluster: CLUSTER });
      expect(await new ClickHouseServer(addressOf(url)).storedCluster()).toBeUndefined();
      expect(statements.length).toBeGreaterThan(50);
      const database = new ClickHouseServer(addressOf(`${new URL(url).origin}/default`));
      for (const statement of statements) {
        expect(statement).toContain(` ON CLUSTER "${CLUSTER}"`);
        // The adapter leaves out what one process can't do, so not the statement itself is sent.
        const [row] = await database.rows('SELECT formatQuerySingleLine({p1:String})', [statement]);
        expect(row?.[0]).toMatch(/ON CLUSTER two_shards/);
      }
      const engines = statements.flatMap((one) => /ENGINE = (\w+)/.exec(one)?.[1] ?? []);
      expect(new Set(engines)).toEqual(new Set(['ReplicatedMergeTree', 'Distributed']));
      await database.close();
    });

    it('spreads rows over the shards, and finds all of them again without being told the cluster', async () => {
      const url = server.database();
      const store = await open(url);
      await writeRecords(store, 'one', flows(500));
      await writeRecords(store, 'two', flows(500, START + DAY));
      const database = await ClickHouseServer.connect(addressOf(url));
      expect(database.cluster).toBe(CLUSTER);
      for (const table of ['flow', 'flow_hour', 'flows']) {
        const shards = await database.rows(`SELECT shardNum(), count() FROM ${table} GROUP BY 1 ORDER BY 1`);
        expect(
          shards.map(([shard]) => Number(shard)),
          table,
        ).toEqual([1, 2]);
      }
      expect(await countOf(store)).toBe(1000);
      expect(await store.status()).toMatchObject({ flows: 1000, raw_flows: 1000, inputs: 2, gap_hours: 23 });
      const result = await store.sql('SELECT count(*), uniqExact(srcaddr) FROM flows WHERE dstport = 80');
      expect((await collect(result.batches)).flat()).toEqual([[1000, 7]]);
      await expect(setUp(addressOf(url), false, { cluster: 'other' })).rejects.toMatchObject({
        code: 'usage',
      });
      expect((await setUp(addressOf(url), true))[0]).toContain('ON CLUSTER');
      await database.close();
      await store.close();
    });

    it('refuses a database that has a store on one server', async () => {
      const url = server.database();
      const store = await openClickHouse(url);
      await expect(setUp(addressOf(url), true, { cluster: CLUSTER })).rejects.toThrow(
        /on one server already/,
      );
      await store.close();
    });

    it.each(['before', 'after'])('counts once what lost its connection %s it was done', async (when) => {
      const url = server.database();
      const store = await open(url);
      for (const table of ['open_batch', 'flow_row', 'input_row', 'committed_batch']) {
        const statement = encodeURIComponent(`INSERT INTO ${table} `);
        await fetch(`${new URL(url).origin}/test/lose?text=${statement}&times=2&when=${when}`);
        await writeRecords(store, table, flows(100));
      }
      expect(await countOf(store)).toBe(400);
      expect(await store.status()).toMatchObject({ flows: 400, raw_flows: 400, inputs: 4 });
      await store.close();
    });

    it('shows nothing of a batch that failed', async () => {
      const store = await open(server.database());
      await writeRecords(store, 'one', flows(10));
      const failing = store.write(async (batch) => {
        await batch.append(batch.open(), partOf(flows(500)));
        await batch.leftOut();
        expect(await countOf(store)).toBe(10);
        throw new Error('on the way');
      });
      await expect(failing).rejects.toThrow('on the way');
      expect(await store.status()).toMatchObject({ flows: 10, raw_flows: 10 });
      await store.close();
    });

    it('adds up its rollups, drops old flows and takes only what is new of a later state', async () => {
      const store = await open(server.database());
      await writeRecords(store, 'old', flows(300));
      for (let i = 0; i < 3; i++) await writeRecords(store, `new ${i}`, flows(200, START + 10 * DAY));
      const rollup = { measures: ['flows', 'bytes'], splits: [{ field: 'srcaddr', limit: 10 }] };
      const before = await store.query(parseQuery(rollup));
      expect(await store.compact()).toMatchObject({ flows: 900 });
      expect((await store.query(parseQuery(rollup))).rows).toEqual(before.rows);
      await store.write(async (batch) => {
        const input = batch.open('new 0');
        await batch.append(input, partOf([...flows(200, START + 10 * DAY), ...flows(7, START + 11 * DAY)]));
        expect(await batch.leftOut()).toMatchObject({ flows: 200 });
        batch.close(input, ledgerEntry('new 0', { sha256: 'new 0 again' }));
      });
      expect(await countOf(store)).toBe(907);
      expect(await store.retain({ keep: 'P5D', keepRaw: null })).toMatchObject({
        dropped_flows: 300,
        kept_flows: 607,
      });
      expect(await countOf(store)).toBe(607);
      await store.close();
    });
  },
);
