import { describe, expect, it, vi } from 'vitest';
import { MOST_UNKNOWN_COLUMNS } from '../../src/engine/unknown-columns.ts';
import { PeepholeError } from '../../src/model/errors.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import { enrichedWorld } from '../conformance/enriched-world.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { sqlRows } from '../support/sql-rows.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import fc from 'fast-check';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { openClickHouse, storeClickHouse } from './store-clickhouse.ts';

vi.setConfig({ testTimeout: 120_000 });

const START = 1_529_452_800;
const extra = JSON.stringify({ 'new-field': 'a\'"\\', other: 'x' });
const records = [
  { start: START, srcaddr: '10.0.0.1', dstaddr: '10.0.0.2', dstport: 80, protocol: 6, extra },
  { start: START + 1, srcaddr: '10.0.0.3', dstaddr: '10.0.0.2', dstport: 80, protocol: 6, extra: null },
];

/** A request that the server got. */
interface Seen {
  readonly statement: string;
  readonly params: Readonly<Record<string, string>>;
}

describe.skipIf(whyNot !== null)(`SQL of users on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();
  const folder = useTempFolder();

  it('reads derived fields as DuckDB does', async () => {
    const era = eras[1]!;
    const [sample = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 3 });
    const { enrichment } = enrichedWorld(era);
    const clickhouse = await storeClickHouse(server.database(), sample, enrichment);
    const duckdb = await duckdbDriver.open({
      folder: `${folder.path}/derived`,
      memoryBytes: 256 * 1024 * 1024,
      threads: 1,
    });
    await writeRecords(duckdb, 'records', sample);
    duckdb.enrichFrom(async () => enrichment);
    for (const sql of [
      'SELECT src_name, dst_name, src_country, dst_asn, direction, initiator, service_name, dstport, count(*) AS n FROM flows GROUP BY ALL',
      'WITH r AS (SELECT dst_name, bytes FROM flows) SELECT dst_name, count(*) FROM r GROUP BY 1',
      '-- a comment\nWITH RECURSIVE r AS (SELECT src_name FROM flows) SELECT count(src_name) FROM r',
      'SELECT src_name FROM flows WHERE dstport = 443 UNION ALL SELECT dst_name FROM flows',
      'SELECT count(*) FROM flows f JOIN flows g ON f.src_name = g.dst_name',
      'SELECT (SELECT max(src_name) FROM flows) AS most, count(*) FROM (SELECT dst_name FROM flows) x',
    ]) {
      const rows = async (store: typeof clickhouse) =>
        (await sqlRows(await store.sql(sql))).map((row) => JSON.stringify(row)).toSorted();
      expect(await rows(clickhouse), sql).toEqual(await rows(duckdb));
    }
    const { columns, close } = await clickhouse.sql('SELECT * FROM flows');
    await close();
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['srcaddr', 'src_name', 'initiator']),
    );
    for (const store of [clickhouse, duckdb]) await store.close();
  });

  it('adds up and multiplies beyond 64 bits, and says what is no number, as DuckDB does', async () => {
    const largest = 2n ** 63n - 1n;
    const rows = [1, 2, 3].map((i) => ({
      start: START + i,
      srcaddr: '10.0.0.1',
      bytes: largest,
      packets: BigInt(i),
    }));
    const store = await storeClickHouse(server.database(), rows);
    const ask = async (sql: string) => sqlRows(await store.sql(sql));
    expect(
      await ask('SELECT sum(bytes), avg(bytes), max(packets * 2), sum(bytes + bytes) FROM flows'),
    ).toEqual([[String(3n * largest), Number(largest), 6, String(6n * largest)]]);
    // Over derived fields the statement reads other rows.
    expect(await ask('SELECT sum(bytes) FROM flows WHERE hour_of_day >= 0')).toEqual([
      [String(3n * largest)],
    ]);
    expect(await ask('SELECT 1.0 / 0, 0.0 / 0, -1.0 / 0 FROM flows LIMIT 1')).toEqual([
      ['Infinity', 'NaN', '-Infinity'],
    ]);
    await store.close();
  });

  it.each([
    ['SELEC 1', /begins with SELEC\./],
    ['DROP TABLE flows', /Only SELECT is allowed/],
    ['SELECT 1; SELECT 2', /One statement at a time/],
    ['-- nothing', /There is no statement/],
    ['SELECT count(*) FROM flows # all', /within texts/],
  ])('says what is wrong with %s', async (sql, message) => {
    const store = await storeClickHouse(server.database(), records);
    await expect(store.sql(sql)).rejects.toThrow(message);
    await store.close();
  });

  it('reads fields that the catalog does not know, of a thousand names at most', async () => {
    const store = await storeClickHouse(server.database(), records);
    expect(await sqlRows(await store.sql('SELECT new_field, other FROM flows ORDER BY "start"'))).toEqual([
      ['a\'"\\', 'x'],
      [null, null],
    ]);
    const many = (from: number, count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${from + i}`, 'v'])));
    await writeRecords(store, 'many', [
      { start: START, extra: many(0, 700) },
      { start: START, extra: many(700, 700) },
    ]);
    await writeRecords(store, 'more', [{ start: START, extra: many(1_400, 5) }]);
    const { columns } = await store.sql('SELECT * FROM flows');
    expect(columns.filter(({ name }) => /^f\d+$|^new_field$|^other$/.test(name))).toHaveLength(
      MOST_UNKNOWN_COLUMNS,
    );
    const [row] = await sqlRows(await store.sql("SELECT count(*) FROM flows WHERE extra LIKE '%f1404%'"));
    expect(row).toEqual([1]);
    await store.close();
  });

  it('hands a large result on in pieces, and ends it in the server where nobody reads on', async () => {
    const url = server.database();
    const store = await openClickHouse(url);
    const many = Array.from({ length: 30_000 }, (_, i) => ({ start: START + i, bytes: BigInt(i) }));
    await writeRecords(store, 'many', many);
    const result = await store.sql(
      'SELECT bytes, bytes * 100000000000000 AS large FROM flows ORDER BY bytes',
    );
    let rows = 0;
    let batches = 0;
    for await (const batch of result.batches) {
      expect(batch[0]?.[0]).toBe(rows);
      expect(batch[0]?.[1]).toBe(rows <= 90 ? rows * 1e14 : String(BigInt(rows) * 10n ** 14n));
      rows += batch.length;
      batches++;
    }
    expect(rows).toBe(30_000);
    expect(batches).toBeGreaterThan(1);
    const { origin } = new URL(url);
    const seen = async (): Promise<readonly Seen[]> =>
      (await (await fetch(`${origin}/test/seen`)).json()) as never;
    // While it runs: the reason is the caller's, and the statement is cancelled on the server.
    for (const ask of [
      (signal: AbortSignal) => store.sql('SELECT 77777 AS held FROM flows', { signal }),
      (signal: AbortSignal) =>
        store.query(parseQuery({ filter: [{ field: 'bytes', in: [77777] }] }), { signal }),
    ]) {
      await seen();
      await fetch(`${origin}/test/hold?text=77777`);
      const controller = new AbortController();
      const reason = new PeepholeError('timeout', 'Too long.');
      const asked = ask(controller.signal);
      const failed = expect(asked).rejects.toBe(reason);
      const all: Seen[] = [];
      const look = async (): Promise<readonly Seen[]> => {
        all.push(...(await seen()));
        return all;
      };
      const isHeld = ({ statement, params }: Seen): boolean =>
        !statement.startsWith('EXPLAIN') &&
        [
          statement,
          ...Object.entries(params).flatMap(([name, value]) => (name.startsWith('param_') ? value : [])),
        ].some((text) => text.includes('77777'));
      await expect.poll(async () => (await look()).some(isHeld), { timeout: 30_000 }).toBe(true);
      const id = all.find(isHeld)?.params['query_id'];
      expect(id).toMatch(/./);
      controller.abort(reason);
      await failed;
      await expect
        .poll(
          async () =>
            (await look()).flatMap(({ statement, params }) =>
              statement.startsWith('KILL QUERY') ? [params['param_id']] : [],
            ),
          { timeout: 30_000 },
        )
        .toContain(id);
      await fetch(`${origin}/test/hold`);
    }
    await store.close();
  });
});
