import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import { explain } from '../../src/investigate/explain/explain-difference.ts';
import { investigate } from '../../src/investigate/investigate.ts';
import type { InvestigationEnrichment } from '../../src/investigate/investigation-enrichment.ts';
import { parseExplain } from '../../src/model/explain/parse-explain.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { resolveRange, shiftBack } from '../../src/model/time/range.ts';
import { smallWorld } from '../../src/simulate/small-world.ts';
import { every, port, useHandMadeLogs, type Line } from '../investigate/hand-made-logs.ts';
import { simulatedWorld } from '../investigate/simulated-world.ts';
import { sqlRows } from '../support/sql-rows.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { type Era, arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import { type FlowObject, isFlow } from '../conformance/flow-object.ts';
import { enrichedWorld } from '../conformance/enriched-world.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { clickhouseForTests, whyNot } from './clickhouse-server.ts';
import { storeClickHouse } from './store-clickhouse.ts';

// A whole company is investigated in both.
vi.setConfig({ testTimeout: 300_000 });

const folder = useTempFolder();
const { withStore } = useHandMadeLogs();
const MEMORY = 512 * 1024 ** 2;

/** Enrichment with next to nothing. */
const enrichment: InvestigationEnrichment = {
  ownAddress: () => null,
  ownAddresses: () => ['198.51.100.200', '2001:db8:ffff::1'],
  outsideAddress: () => null,
  portName: (_, port) => (port === 22 ? 'ssh' : null),
};

/** A conversation of hand-made logs, or what is refused of it. */
function talk(at: number, from: string, to: string, dport: number, turn: number, accepted = true): readonly Line[] {
  const asked: Line = { at, from, to, sport: port(turn), dport, packets: 9, bytes: 2100, lasts: 3, action: accepted ? 'ACCEPT' : 'REJECT' };
  const back: Line = { ...asked, from: to, to: from, sport: dport, dport: port(turn), bytes: 2700 };
  return accepted ? [asked, back] : [asked];
} // prettier-ignore

/** Of sixty hours: a service that is exposed, guesses and a session, a client cut off, a port opened, and a machine that is gone. */
const unlikeACompany: readonly Line[] = [
  ...every(600, (at, turn) => talk(at, `203.0.113.${turn % 90}`, '10.0.1.1', 6379, turn), 60),
  ...every(15, (at, turn) => (at >= 7200 && at < 10_800 ? talk(at, '198.51.100.7', '10.0.1.2', 22, turn) : []), 60),
  ...every(60, (at) => (at >= 12_000 && at < 12_600 ? talk(at, '198.51.100.7', '10.0.1.2', 22, 9999).map((line) => ({ ...line, bytes: 90_000, packets: 90, lasts: 59 })) : []), 60),
  ...every(300, (at, turn) => talk(at, '10.0.1.8', '10.0.1.3', 5432, turn, at < 40 * 3600), 60),
  ...every(900, (at, turn) => talk(at, `203.0.113.${100 + (turn % 90)}`, '10.0.1.4', 9000, turn, at >= 30 * 3600), 60),
  ...every(300, (at, turn) => (at < 45 * 3600 ? ['10.0.1.20', '10.0.1.21'].flatMap((from) => talk(at, from, '10.0.1.5', 8080, turn)) : []), 60),
]; // prettier-ignore

/** Records of a store's view, as plain values. */
async function recordsOf(store: DuckDbStore, view: 'flows' | 'coverage'): Promise<readonly FlowObject[]> {
  const logged = fields.filter(({ name }) => store.columns[view === 'flows' ? 'flow' : 'coverage'].has(name));
  const list = logged.map(({ name }) => `"${name}"`).join(', ');
  const rows = await sqlRows(await store.sql(`SELECT ${list} FROM ${view}`));
  return rows.map((row) =>
    Object.fromEntries(
      logged.map(({ name, type }, i) => [
        name,
        type === 'time' && row[i] !== null
          ? Date.parse(String(row[i])) / 1000
          : (row[i] as string | number | null),
      ]),
    ),
  );
}

/** What tells as much as another may come before or after it: keys order otherwise in each database. */
function sorted(answer: { readonly combinations: readonly unknown[] }): unknown {
  const combinations = answer.combinations.map((one) => JSON.stringify(one)).toSorted();
  return { ...answer, combinations };
}

async function storeOf(name: string, records: readonly FlowObject[]): Promise<DuckDbStore> {
  const store = await DuckDbStore.open({ folder: `${folder.path}/${name}`, memoryBytes: MEMORY, threads: 2 });
  await writeRecords(store, name, records);
  return store;
}

describe.skipIf(whyNot !== null)(`on ClickHouse (${whyNot ?? 'chdb'})`, () => {
  const server = clickhouseForTests();

  it.each([1, 2])(
    'an investigation finds in company %i what it finds on DuckDB, word for word',
    async (seed) => {
      const world = await simulatedWorld(folder.path, {
        ...smallWorld,
        seed,
        flows: 24_000,
        story: { strangers: 4, perHour: 60 },
        fileMinutes: 60,
        odd: true,
      });
      await world.close();
      const store = await DuckDbStore.open({
        folder: `${folder.path}/store-${seed}`,
        memoryBytes: MEMORY,
        threads: 2,
      });
      const records = [...(await recordsOf(store, 'flows')), ...(await recordsOf(store, 'coverage'))];
      const clickhouse = await storeClickHouse(server.database(), records);
      const extent = await store.flowRange();
      if (extent === null) throw new Error('no flow has a time');
      const to = extent.last + 1;
      for (const { from, sumsFrom } of [
        { from: extent.first, sumsFrom: null },
        { from: extent.first + 7 * 3600 + 123, sumsFrom: extent.first },
      ]) {
        const scope = {
          columns: store.columns.flow,
          coverageColumns: store.columns.coverage,
          from,
          to,
          sumsFrom,
        };
        const expected = await store.statements(null, (session) => investigate(scope, session, enrichment));
        expect(new Set(expected.findings.map(({ kind }) => kind)).size).toBeGreaterThan(3);
        const answer = await clickhouse.statements(null, (session) =>
          investigate(scope, session, enrichment),
        );
        expect(answer).toEqual(expected);
      }
      await clickhouse.close();
      await store.close();
    },
  );

  it('an investigation finds what it finds on DuckDB where some amounts are the largest that a log may have', async () => {
    const world = await simulatedWorld(folder.path, {
      ...smallWorld,
      seed: 3,
      flows: 12_000,
      story: { strangers: 4, perHour: 60 },
      fileMinutes: 60,
    });
    await world.close();
    const plain = await DuckDbStore.open({
      folder: `${folder.path}/store-3`,
      memoryBytes: MEMORY,
      threads: 2,
    });
    const largest = 2n ** 63n - 1n;
    const records = (await recordsOf(plain, 'flows')).map((record, index) =>
      index % 7 === 0 ? { ...record, bytes: largest, packets: largest } : record,
    );
    await plain.close();
    const store = await storeOf('largest', records);
    const clickhouse = await storeClickHouse(server.database(), records);
    const extent = await store.flowRange();
    if (extent === null) throw new Error('no flow has a time');
    const { flow: columns, coverage: coverageColumns } = store.columns;
    const scope = { columns, coverageColumns, from: extent.first, to: extent.last + 1, sumsFrom: null };
    const expected = await store.statements(null, (session) => investigate(scope, session, enrichment));
    expect(expected.findings.length).toBeGreaterThan(0);
    expect(await clickhouse.statements(null, (session) => investigate(scope, session, enrichment))).toEqual(
      expected,
    );
    await clickhouse.close();
    await store.close();
  });

  it('an investigation finds of hand-made logs what it finds on DuckDB, of the kinds that no company has', async () => {
    await withStore(
      unlikeACompany,
      async (store) => {
        const clickhouse = await storeClickHouse(server.database(), await recordsOf(store, 'flows'));
        const extent = await store.flowRange();
        if (extent === null) throw new Error('no flow has a time');
        const { flow: columns, coverage: coverageColumns } = store.columns;
        const scope = { columns, coverageColumns, from: extent.first, to: extent.last + 1, sumsFrom: null };
        const expected = await store.statements(null, (session) => investigate(scope, session, enrichment));
        expect(expected.findings.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['exposed_service', 'guessing_succeeded', 'rejected_after_change', 'newly_accepted', 'vanished'])); // prettier-ignore
        const answer = await clickhouse.statements(null, (session) =>
          investigate(scope, session, enrichment),
        );
        expect(answer).toEqual(expected);
        await clickhouse.close();
      },
      60,
    );
  }, 180_000);

  it.each(eras.slice(0, 3))(
    'flows around $around are explained as DuckDB explains them',
    async (era: Era) => {
      const records = fc.sample(arbitraryFlows(era), { numRuns: 8, seed: 11 }).flat().filter(isFlow);
      const { enrichment: facts } = enrichedWorld(era);
      const store = await storeOf(`explain-${eras.indexOf(era)}`, records);
      store.enrichFrom(async () => facts);
      const clickhouse = await storeClickHouse(server.database(), records, facts);
      const extent = await store.flowRange();
      const rejected = { field: 'action', in: ['REJECT'] };
      const loose = { min_ratio: 0.1, min_support: 0.001 };
      let combinations = 0;
      for (const json of [
        { selection: [rejected] },
        { selection: [rejected], by: 'bytes' },
        { selection: [rejected], by: 'bytes', ...loose },
        { selection: [{ field: 'dst_name', in: [null], not: true }], ...loose },
        {
          selection: [{ field: 'dstport', in: [443] }],
          dimensions: ['srcaddr', 'src_name', 'src_asn', 'protocol'],
          ...loose,
        },
        {
          selection: [{ field: 'instance_tag', contains: 'a' }],
          dimensions: ['instance_tag', 'dst_public_address', 'initiator', 'direction'],
          ...loose,
        },
        { time: { last: 'PT2H' }, earlier: { shift: 'PT1H' }, ...loose },
      ]) {
        const request = parseExplain(json);
        const range = resolveRange(request.time, extent?.last ?? null, request.timezone);
        const earlier =
          request.question.kind === 'earlier' && range !== null
            ? shiftBack(range, request.question.shift, request.timezone)
            : null;
        const names = [...(request.dimensions ?? []), 'dst_name', 'initiator', 'service_name'];
        const explained = (of: FlowStore): ReturnType<typeof explain> =>
          of.statements(names, ({ enrichment: state, ...session }) =>
            explain(
              request,
              {
                columns: of.columns.flow,
                coverageColumns: of.columns.coverage,
                flowsFrom: 0,
                range,
                earlier,
                ...(state === undefined ? {} : { enrichment: state }),
              },
              session,
            ),
          );
        const [expected, answer] = [await explained(store), await explained(clickhouse)];
        expect(sorted(answer)).toEqual(sorted(expected));
        combinations += expected.combinations.length;
      }
      expect(combinations).toBeGreaterThan(20);
      await clickhouse.close();
      await store.close();
    },
    180_000,
  );
});
