import { describe, expect, it, vi } from 'vitest';
import { ingest } from '../../src/ingest/ingest.ts';
import { ClickHouseServer } from '../../src/engine/clickhouse/server.ts';
import { InputClaims } from '../../src/engine/clickhouse/input-claims.ts';
import { InputsTaken } from '../../src/engine/input-register.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { Input } from '../../src/sources/input.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { clickhouseForTests, onCluster, whyNot } from './clickhouse-server.ts';
import { rejectedFlows as flows } from './rejected-flows.ts';
import { openClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 120_000 });

async function countOf(store: FlowStore): Promise<unknown> {
  await store.settled();
  return (await store.query(parseQuery({ measures: ['flows'] }))).rows[0]?.[0];
}

describe.skipIf(whyNot !== null)(`several processes on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();

  it('that take the same inputs at the same moment take each once', async () => {
    const url = server.database();
    const stores = await Promise.all([openClickHouse(url), openClickHouse(url), openClickHouse(url)]);
    for (let round = 0; round < 4; round++) {
      const outcomes = await Promise.allSettled(
        stores.map((store) => writeRecords(store, `round ${round}`, flows(5, 1_529_452_800 + round * 3600))),
      );
      const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(failures).toHaveLength(2);
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(InputsTaken);
        expect((failure as InputsTaken).hashes).toEqual([`round ${round}`]);
      }
    }
    for (const store of stores) {
      await expect.poll(() => countOf(store), { timeout: 20_000 }).toBe(20);
      expect(store.inputs.claim('round 3')).toBe(false);
      expect(await store.status()).toMatchObject({ inputs: 4, flows: 20 });
    }
    for (const store of stores) await store.close();
  });

  it('ingest skips what another process took in meanwhile, and takes in the rest', async () => {
    const url = server.database();
    const [one, other] = [await openClickHouse(url), await openClickHouse(url)];
    const line = (n: number): string =>
      `2 123456789012 eni-1 198.51.100.7 10.0.0.5 ${40_000 + n} 80 6 9 900 ${1_529_452_800 + n} ${1_529_452_860 + n} REJECT OK\n`;
    const inputs = [1, 2, 3].map((n): Input => {
      const bytes = Buffer.from(line(n));
      const stream = async function* (): AsyncGenerator<Uint8Array> {
        yield bytes;
      };
      return {
        name: `file-${n}`,
        size: bytes.length,
        tag: null,
        time: null,
        discovered: false,
        open: async () => ({ kind: 'stream', stream: stream() }),
      };
    });
    const reports = await Promise.all(
      [one, other].map((store) => ingest(store, { inputs, missing: [] }, { format: null, threads: 1 })),
    );
    expect(reports.map(({ flows: count }) => count).reduce((a, b) => a + b)).toBe(3);
    expect(reports.map(({ skipped_inputs: count }) => count).reduce((a, b) => a + b)).toBe(3);
    expect(await countOf(one)).toBe(3);
    for (const store of [one, other]) await store.close();
  });

  it('a claim of a process that ended holds nobody up for long', async () => {
    const url = server.database();
    const store = await openClickHouse(url);
    const database = new ClickHouseServer({ url, username: 'default', password: '' });
    await database.insert('open_batch', [{ batch: 7n, writer: 'killed', at: '2024-01-01 00:00:00.000' }]);
    await database.insert('input_claim', [{ sha256: 'a', batch: 7n, turn: 1, gone: false }]);
    const claims = new InputClaims(database, { lease: 2 });
    await database.insert('open_batch', [{ batch: 9n, writer: 'x', at: '2024-01-01 00:00:00.000' }]);
    await claims.settle(9n, ['a']);
    await expect(claims.settle(8n, [])).resolves.toBeUndefined();
    for (const one of [store, database]) await one.close();
  });

  it.skipIf(onCluster !== undefined)(
    'rollups of many batches are added up, and say what they said before; what a killed run left is taken away',
    async () => {
      const url = server.database();
      const store = await openClickHouse(url);
      for (let i = 0; i < 6; i++) await writeRecords(store, `batch ${i}`, flows(50));
      const database = new ClickHouseServer({ url, username: 'default', password: '' });
      const rows = async (): Promise<number> =>
        Number((await database.rows('SELECT count() FROM flow_hour_row'))[0]?.[0]);
      const questions = [
        parseQuery({ splits: [{ field: 'srcaddr' }], measures: ['flows', 'bytes'] }),
        parseQuery({
          splits: [{ field: 'dstport' }, { field: 'time', bucket: 'PT1H' }],
          measures: ['flows'],
        }),
      ];
      const answers = async (): Promise<unknown> =>
        Promise.all(questions.map(async (one) => (await store.query(one)).rows));
      const before = await answers();
      expect(await rows()).toBe(42);
      // A run that was killed before its rows were shown.
      await database.insert('rollup_state', [{ batch: 5n, turn: 1, hidden: true }]);
      await database.run('INSERT INTO flow_hour_row SELECT 5 AS batch, * EXCEPT (batch) FROM flow_hour_row');
      expect(await answers()).toEqual(before);
      expect(await store.compact()).toMatchObject({ flows: 300 });
      expect(await rows()).toBe(7);
      expect(await answers()).toEqual(before);
      await writeRecords(store, 'later', flows(7));
      await store.compact();
      expect(await rows()).toBe(7);
      expect(await countOf(store)).toBe(307);
      expect(await store.status()).toMatchObject({ flows: 307, raw_flows: 307 });
      // While another process is at it.
      await database.insert('input_claim', [{ sha256: 'rollups', batch: 6n, turn: 1, gone: false }]);
      await expect(store.compact()).rejects.toMatchObject({ code: 'store_busy' });
      for (const one of [store, database]) await one.close();
    },
  );

  it.skipIf(onCluster !== undefined)(
    'old flows are not dropped while another process adds up rollups, which would bring them back',
    async () => {
      const url = server.database();
      const [one, other] = [await openClickHouse(url), await openClickHouse(url)];
      const day = 86_400;
      for (let i = 0; i < 4; i++) await writeRecords(one, `batch ${i}`, flows(20, 1_529_452_800 + i * day));
      const { origin } = new URL(url);
      const hold = (text: string): Promise<Response> =>
        fetch(`${origin}/test/hold?text=${encodeURIComponent(text)}`);
      const isAt = async (text: string): Promise<void> => {
        const seen = async (): Promise<boolean> => {
          const requests = (await (await fetch(`${origin}/test/seen`)).json()) as { statement: string }[];
          return requests.some(({ statement }) => statement.includes(text));
        };
        await expect.poll(seen, { timeout: 20_000 }).toBe(true);
      };
      const keep = { keep: 'P1D', keepRaw: null };
      // The sums of all hours are on their way.
      await hold('INSERT INTO flow_hour_row (batch');
      const adding = one.compact();
      await isAt('INSERT INTO flow_hour_row (batch');
      const refused = async (): Promise<unknown> =>
        other.retain(keep).then(
          () => 'dropped',
          (error: { readonly code: string }) => error.code,
        );
      expect(await refused()).toBe('store_busy');
      await hold('');
      await adding;
      // And the other way round.
      await hold('ALTER TABLE flow_row DELETE');
      const dropping = other.retain(keep);
      await isAt('ALTER TABLE flow_row DELETE');
      await expect(one.compact()).rejects.toMatchObject({ code: 'store_busy' });
      await hold('');
      expect(await dropping).toMatchObject({ dropped_flows: 40, kept_flows: 40 });
      await one.compact();
      // Of both at once, again and again, none or one is done, and nothing comes back.
      for (let round = 0; round < 3; round++) {
        await writeRecords(one, `old ${round}`, flows(5));
        const outcomes = await Promise.allSettled([one.retain(keep), other.compact()]);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'store_busy' });
      }
      await other.retain(keep);
      await one.compact();
      for (const store of [one, other]) {
        expect(await countOf(store)).toBe(40);
        expect(await store.status()).toMatchObject({ flows: 40, raw_flows: 40 });
        await store.close();
      }
    },
  );
});
