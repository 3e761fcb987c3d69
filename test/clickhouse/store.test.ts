import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { clickhouseDriver } from '../../src/engine/clickhouse/driver.ts';
import { ClickHouseServer } from '../../src/engine/clickhouse/server.ts';
import { duckdbDriver } from '../../src/engine/duckdb/driver.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { unreadableState } from '../../src/engine/object-states.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import type { FlowObject } from '../conformance/flow-object.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { LocalService } from '../../src/service/local-service.ts';
import type { Input } from '../../src/sources/input.ts';
import { parseVisit } from '../../src/model/visits/parse-visit.ts';
import { logLine } from '../support/log-lines.ts';
import { partOf } from '../support/batch-of.ts';
import { collect } from '../support/collect.ts';
import { visitLine } from '../support/visit-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { clickhouseForTests, onCluster, whyNot } from './clickhouse-server.ts';
import { openClickHouse } from './store-clickhouse.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

vi.setConfig({ testTimeout: 120_000 });

const START = 1_529_452_800;

function flows(count: number, start = START): FlowObject[] {
  return Array.from({ length: count }, (_, i) => ({
    start: start + i,
    end: start + i + 60,
    srcaddr: `198.51.100.${i % 7}`,
    dstaddr: '10.0.0.1',
    dstport: 80,
    protocol: 6,
    action: i % 3 === 0 ? 'ACCEPT' : 'REJECT',
    bytes: 40n,
    log_status: 'OK',
  }));
}

async function countOf(store: FlowStore): Promise<unknown> {
  return (await store.query(parseQuery({ measures: ['flows'] }))).rows[0]?.[0];
}

describe.skipIf(whyNot !== null)(`a store in ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();
  const folder = useTempFolder();

  it('is none where there is no such database, or an empty one', async () => {
    const address = { url: server.database(), username: 'default', password: '' };
    const exists = (): Promise<boolean> => clickhouseDriver.exists({ folder: folder.path, server: address });
    expect(await exists()).toBe(false);
    const database = new ClickHouseServer(address);
    await database.createDatabase();
    await database.close();
    expect(await exists()).toBe(false);
    await (await openClickHouse(address.url)).close();
    expect(await exists()).toBe(true);
  });

  it('counts the same rows as often as they are in a batch, however they are sent', async () => {
    const url = server.database();
    const store = await openClickHouse(url);
    const one = flows(1);
    const other = [{ start: START, srcaddr: '198.51.100.0' }];
    await store.write(async (batch) => {
      for (const [i, records] of [one, other, one, other, one].entries()) {
        const input = batch.open();
        await batch.append(input, partOf(records));
        batch.close(input, ledgerEntry(`input ${i}`));
      }
    });
    expect(await countOf(store)).toBe(5);
    expect(await store.status()).toMatchObject({ flows: 5, raw_flows: 5, inputs: 5 });
    // Files of several layouts that alternate take one INSERT for each layout.
    const database = new ClickHouseServer({ url, username: 'default', password: '' });
    const inserted =
      "SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'flow_row' AND level = 0";
    expect(await database.rows(inserted)).toEqual([[2n]]);
    await database.close();
    await store.close();
  });

  it.each(['before', 'after'])(
    'sends again what lost its connection %s it was done, and counts it once',
    async (when) => {
      const url = server.database();
      const store = await openClickHouse(url);
      const { origin } = new URL(url);
      for (const [i, table] of [
        'open_batch',
        'flow_row',
        'input_row',
        'input_claim',
        'committed_batch',
      ].entries()) {
        await fetch(
          `${origin}/test/lose?text=${encodeURIComponent(`INSERT INTO ${table} `)}&times=2&when=${when}`,
        );
        await writeRecords(store, table, flows(10, START + i * 3600));
      }
      const { rows } = await store.query(parseQuery({ measures: ['flows', 'bytes'] }));
      expect(rows).toEqual([[50, 2000]]);
      expect(await store.status()).toMatchObject({ flows: 50, raw_flows: 50, inputs: 5 });
      await store.close();
    },
  );

  it('shows nothing of a batch that failed, and all of it once it is in', async () => {
    const store = await openClickHouse(server.database());
    await writeRecords(store, 'one', flows(10));
    const failing = store.write(async (batch) => {
      const input = batch.open();
      await batch.append(input, partOf(flows(500, START + 7200)));
      await batch.leftOut();
      expect(await countOf(store)).toBe(10);
      throw new Error('on the way');
    });
    await expect(failing).rejects.toThrow('on the way');
    expect(await countOf(store)).toBe(10);
    expect(await store.status()).toMatchObject({ flows: 10, raw_flows: 10, inputs: 1 });
    await writeRecords(store, 'two', flows(500, START + 7200));
    expect(await countOf(store)).toBe(510);
    expect(await store.status()).toMatchObject({ flows: 510, raw_flows: 510, inputs: 2, gap_hours: 1 });
    await store.close();
  });

  it.skipIf(onCluster !== undefined)(
    'shows nothing of a batch whose process was killed, which the next day takes away',
    async () => {
      const url = server.database();
      const store = await openClickHouse(url);
      await writeRecords(store, 'one', flows(10));
      const { ClickHouseServer } = await import('../../src/engine/clickhouse/server.ts');
      const { ClickHouseBatch } = await import('../../src/engine/clickhouse/write-batch.ts');
      const connection = new ClickHouseServer({ url, username: 'default', password: '' });
      const at = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, -1).replace('T', ' ');
      await connection.insert('open_batch', [{ batch: 5n, writer: 'killed', at }]);
      const batch = new ClickHouseBatch(connection, 5n, {
        flow: new Set(),
        coverage: new Set(),
        extra: new Set(),
      });
      const input = batch.open();
      await batch.append(input, partOf(flows(300)));
      batch.close(input, ledgerEntry('killed'));
      await batch.finish();
      expect(await countOf(store)).toBe(10);
      expect(await store.status()).toMatchObject({ flows: 10, inputs: 1 });
      expect(await connection.rows('SELECT count() FROM flow_row')).toEqual([[310n]]);
      const other = await openClickHouse(url);
      expect(await connection.rows('SELECT count() FROM flow_row')).toEqual([[10n]]);
      expect(await countOf(other)).toBe(10);
      for (const one of [store, other, connection]) await one.close();
    },
  );

  it('is filled by several processes, each of which sees what the others committed', async () => {
    const url = server.database();
    const [one, other] = [await openClickHouse(url), await openClickHouse(url)];
    await writeRecords(one, 'one', flows(10));
    await writeRecords(other, 'two', flows(5, START + 3600));
    const isNew = async (): Promise<boolean> => {
      await one.settled();
      const claimed = one.inputs.claim('two');
      if (claimed) one.inputs.release('two');
      return claimed;
    };
    await expect.poll(isNew, { timeout: 20_000 }).toBe(false);
    expect(await countOf(one)).toBe(15);
    for (const store of [one, other]) await store.close();
  });

  it('takes of a later state of an input only what is new', async () => {
    const store = await openClickHouse(server.database());
    await writeRecords(store, 'grows', [...flows(5), ...flows(2)]);
    const left = await store.write(async (batch) => {
      const input = batch.open('grows');
      await batch.append(input, partOf([...flows(8), ...flows(3)]));
      const leftOut = await batch.leftOut();
      batch.close(input, ledgerEntry('grows', { sha256: 'later', size: 2 }));
      return leftOut;
    });
    expect(left).toEqual({ flows: 7, nodata: 0, skipdata: 0 });
    expect(await countOf(store)).toBe(11);
    expect(await store.status()).toMatchObject({ flows: 11, raw_flows: 11 });
    await store.close();
  });

  it('takes of a later state no more for records of earlier ones than those had', async () => {
    const store = await openClickHouse(server.database());
    await writeRecords(store, 'other', flows(5));
    await writeRecords(store, 'grows', flows(2));
    const left = await store.write(async (batch) => {
      const input = batch.open('grows');
      await batch.append(input, partOf(flows(8)));
      const leftOut = await batch.leftOut();
      batch.close(input, ledgerEntry('grows', { sha256: 'later', size: 2 }));
      return leftOut;
    });
    expect(left).toEqual({ flows: 2, nodata: 0, skipdata: 0 });
    expect(await store.status()).toMatchObject({ flows: 13, raw_flows: 13 });
    await store.close();
  });

  it('gets nothing back that retention deleted when an object changes', async () => {
    const store = await openClickHouse(server.database());
    const object = (ports: readonly (readonly [port: number, start: number])[]): Input => {
      const lines = ports.map(([dstport, start]) => `${logLine({ dstport, start, end: start + 60 })}\n`);
      const content = Buffer.from(lines.join(''));
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield content;
      }
      return {
        name: 's3://logs/a',
        tag: `${ports.length}`,
        size: content.length,
        time: null,
        discovered: true,
        open: async () => ({ kind: 'stream', stream: stream() }),
      };
    };
    const take = (input: Input) => ingest(store, { inputs: [input], missing: [] }, { format: null });
    const logged = [
      [1, START - 5 * 86_400],
      [2, START],
    ] as const;
    expect(await take(object(logged))).toMatchObject({ flows: 2 });
    const report = await new LocalService(store).retain({ keep: 'P1D', keepRaw: null });
    expect(report).toMatchObject({ dropped_flows: 1 });
    expect(await take(object([...logged, [3, START]]))).toMatchObject({
      flows: 1,
      duplicates: 2,
      expired: 1,
    });
    expect(await store.status()).toMatchObject({ flows: 2 });
    await store.close();
  });

  it('forgets why an object could not be read once it has come in', async () => {
    const store = await openClickHouse(server.database());
    const quarantined = ['a', 'b', 'zip/c', 'zipped/d'].map((item) => ({
      item,
      line: 0,
      reason: `${item} is cut`,
      text: '',
    }));
    await store.write(async (batch) => {
      const stream = await batch.openStream('files:/logs');
      await batch.append(stream, { ...partOf([]), quarantined });
      batch.closeStream(stream);
    });
    expect(await store.status()).toMatchObject({ quarantined: 4 });
    expect([...(await store.sources.reasons(['a', 'x', 'zip'], 'objects'))]).toEqual([['a', 'a is cut']]);
    expect([...(await store.sources.reasons(['x', 'zip'], 'files in them'))]).toEqual([
      ['zip/c', 'zip/c is cut'],
    ]);
    const told = { source: 'files:/logs', reason: 'It is cut' };
    expect(await store.sources.unreadable()).toEqual([{ ...told, objects: 4, example: 'a' }]);
    await writeRecords(store, 'a', flows(2));
    expect(await store.status()).toMatchObject({ flows: 2, quarantined: 3 });
    expect(await store.sources.unreadable()).toEqual([{ ...told, objects: 3, example: 'b' }]);
    // As it is now its content is in under another name; another one can't be read in yet another state.
    await store.write(async ({ sources }) =>
      sources.saveObjects([{ name: 'b', tag: 'later' }, unreadableState({ name: 'zip/c', tag: 'later' })]),
    );
    expect(await store.sources.unreadable()).toEqual([{ ...told, objects: 2, example: 'zip/c' }]);
    expect(await store.status()).toMatchObject({ quarantined: 2 });
    await store.close();
  });

  it('keeps how far sources were read, with the rows that it is about', async () => {
    const url = server.database();
    const store = await openClickHouse(url);
    const words = Uint32Array.from([1, 2, 3, 4, 0xffff_ffff, 6, 7, 8]);
    const write = (fail: boolean) =>
      store.write(async (batch) => {
        const input = await batch.openStream("kafka:it's");
        await batch.append(input, partOf(flows(3)));
        batch.closeStream(input);
        batch.sources.savePositions("kafka:it's", new Map([['0', fail ? '9' : '7']]));
        batch.sources.saveObjects([{ name: "a'\\b", tag: 't' }]);
        batch.sources.saveIds("kafka:it's", { slot: 3, words });
        batch.sources.count("kafka:it's", { records: 3, objects: 1 });
        if (fail) throw new Error('on the way');
      });
    await write(false);
    await write(false);
    await expect(write(true)).rejects.toThrow();
    await store.close();
    const again = await openClickHouse(url);
    expect(await countOf(again)).toBe(6);
    expect(await again.status()).toMatchObject({ inputs: 1 });
    expect([...(await again.sources.positions("kafka:it's"))]).toEqual([['0', '7']]);
    expect(
      await again.sources.states([
        { name: "a'\\b", tag: 't' },
        { name: "a'\\b", tag: 'u' },
        { name: 'c', tag: 't' },
      ]),
    ).toEqual(['done', 'changed', 'new']);
    const ids = await collect(again.sources.ids("kafka:it's"));
    expect(ids.map(({ slot }) => slot)).toEqual([3]);
    const pairs = ids.flatMap((one) => [...new BigUint64Array(Uint32Array.from(one.words).buffer)]);
    expect(pairs.toSorted()).toEqual([...new BigUint64Array(words.slice().buffer)].toSorted());
    expect(await again.sources.totals()).toMatchObject([{ source: "kafka:it's", records: 6, objects: 2 }]);
    await again.close();
  });

  it('says of itself what a store in DuckDB says of the same records, before and after retention', async () => {
    const [records = []] = fc.sample(arbitraryFlows(eras[0]!), { numRuns: 1, seed: 3 });
    const duckdb = await duckdbDriver.open({
      folder: folder.path,
      memoryBytes: 256 * 1024 * 1024,
      threads: 1,
    });
    const store = await openClickHouse(server.database());
    for (const one of [duckdb, store]) await writeRecords(one, 'records', records);
    const facts = async (one: FlowStore) => {
      const { folder: _, bytes: __, revision: ___, engine: ____, ...status } = await one.status();
      return { status, coverage: await one.accountCoverage(), range: await one.flowRange() };
    };
    expect(await facts(store)).toEqual(await facts(duckdb));
    // By whole days, and the hours of the days before: the same on both.
    const request = { keep: 'P1000D', keepRaw: 'PT1H' };
    const reports = [await store.retain(request), await duckdb.retain(request)].map(
      ({ flows_from, dropped_flows, kept_flows, kept_as_hours }) => ({
        flows_from,
        dropped_flows,
        kept_flows,
        kept_as_hours,
      }),
    );
    expect(reports[0]).toEqual(reports[1]);
    for (const one of [duckdb, store]) await one.close();
  });

  it('keeps each visit once, and answers about visits as a store in DuckDB does', async () => {
    const listeners = ['00112233445566ff', 'ffeeddccbbaa0011'];
    const visits = Array.from({ length: 400 }, (_, i) => {
      const visit = parseVisit(
        visitLine({
          listener: listeners[i % 2]!,
          number: 1 + (i >> 1),
          at: (START + i * 7) * 1000 + (i % 3),
          source: `203.0.113.${i % 11}`,
          port: i % 5 === 0 ? 8080 : 80,
          ...(i % 4 === 0
            ? {}
            : { http: { method: 'GET', path: `/p${i % 3}'\\`, host: 'old.example', agent: 'a' } }),
        }).trimEnd(),
      );
      if (typeof visit === 'string') throw new Error(visit);
      return visit;
    });
    const duckdb = await duckdbDriver.open({
      folder: `${folder.path}/visits`,
      memoryBytes: 256 * 1024 * 1024,
      threads: 1,
    });
    const store = await openClickHouse(server.database());
    const known = (number: number) => ({
      ...visits[0]!,
      id: `00aa11bb22cc33dd-${number}`,
      at: new Date((START + 4_000 + number) * 1000).toISOString(),
    });
    const open = (number: number, bytes: number) => ({ ...known(number), bytes, ended: 'open' as const });
    const ended = (number: number) => ({ ...known(number), bytes: 12, ended: 'timed_out' as const });
    const given = async (one: FlowStore) => {
      const duplicates: number[] = [];
      for (const part of [
        visits.slice(0, 250),
        visits.slice(200),
        [...visits.slice(0, 3), ...visits.slice(0, 3)],
        // Open, then known to the end: in three batches, and within one.
        [open(1, 0), open(2, 9)],
        [open(1, 9), open(2, 0)],
        [ended(1), open(3, 0), ended(3), open(1, 20)],
      ])
        await one.write(async (batch) => {
          const input = await batch.openStream('visits');
          duplicates.push((await batch.append(input, { ...partOf([]), visits: part })).duplicates);
          batch.closeStream(input);
        });
      const answers = [];
      for (const filter of [
        { from: null, to: null, ports: [], sources: [] },
        { from: (START + 100) * 1000, to: (START + 900) * 1000, ports: [80], sources: [] },
        { from: null, to: null, ports: [], sources: ['203.0.113.3', "'"] },
      ])
        answers.push(
          await one.visits.totals(filter),
          await one.visits.wants(filter, 5),
          await one.visits.visitors(filter, 7),
          await one.visits.buckets(filter, 60_000, 2),
          await one.visits.latest(filter, 9),
        );
      expect(one.visits.revision).toBeGreaterThan(1);
      return { duplicates, answers };
    };
    const expected = await given(duckdb);
    expect(expected.duplicates).toEqual([0, 50, 6, 0, 2, 3]);
    expect(expected.answers[0]).toMatchObject({ visits: 403 });
    expect(await given(store)).toEqual(expected);
    for (const one of [duckdb, store]) await one.close();
  });

  it('runs one SELECT over its views, and nothing else', async () => {
    const store = await openClickHouse(server.database());
    await writeRecords(store, 'one', flows(10));
    const rows = async (text: string) => {
      const result = await store.sql(text);
      return (await collect(result.batches)).flat();
    };
    expect(
      await rows(
        'WITH r AS (SELECT * FROM flows) SELECT srcaddr, count(*) AS n, min("start") FROM r GROUP BY ALL ORDER BY n DESC, srcaddr LIMIT 1;',
      ),
    ).toEqual([['198.51.100.0', 2, '2018-06-20T00:00:00Z']]);
    for (const text of [
      'DROP TABLE flow_row',
      'INSERT INTO flow_row (batch) VALUES (1)',
      'SELECT * FROM flow_row',
      'SELECT * FROM system.tables',
      "SELECT * FROM url('http://127.0.0.1:1/', CSV)",
      "SELECT * FROM file('/etc/passwd', LineAsString)",
      "SELECT file('/etc/passwd') FROM flows",
      'SELECT 1 FROM flows WHERE srcaddr IN (SELECT name FROM system.users)',
      'SELECT 1 FROM flows WHERE srcaddr IN system.one',
      'SELECT sleep(3) FROM flows',
      'SELECT nothing_like_it FROM flows',
      'SELECT 1 FROM flows; DROP TABLE flow_row',
      "SELECT 1 FROM flows -- '\n; DROP TABLE flow_row -- '",
      "SELECT 1 /* ' */; DROP TABLE flow_row /* ' */",
      "SELECT 'a\\\\'; DROP TABLE flow_row --'",
      'SELECT $a$ ; $a$ FROM flows',
      "SELECT 'never ends FROM flows",
      '',
    ])
      await expect(rows(text), text).rejects.toMatchObject({ code: 'bad_sql' });
    expect(await countOf(store)).toBe(10);
    await store.close();
  });

  it('keeps what an inventory said, and since when and until when', async () => {
    const store = await openClickHouse(server.database());
    const item = { kind: 'instance', id: 'i-1', facts: '{"name":"a\\"b"}' };
    const range = { prefix: '10.0.0.0/8', service: 'S3', region: 'eu-west-1' };
    await store.addInventory({ at: 100, items: [item], ranges: [range, { ...range, region: 'x' }] });
    await store.addInventory({ at: 200, items: [item, { ...item, facts: '{}' }], ranges: [range] });
    await store.addInventory({ at: 300, items: [], ranges: null });
    expect(await store.inventory()).toEqual({
      items: [
        { ...item, first: 100, last: 200 },
        { ...item, facts: '{}', first: 200, last: 200 },
      ],
      ranges: [range],
    });
    await store.close();
  });
});
