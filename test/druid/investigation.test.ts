import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { InvestigationEnrichment } from '../../src/investigate/investigation-enrichment.ts';
import { explain } from '../../src/investigate/explain/explain-difference.ts';
import { investigate } from '../../src/investigate/investigate.ts';
import { parseExplain } from '../../src/model/explain/parse-explain.ts';
import { arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import { enrichedWorld } from '../conformance/enriched-world.ts';
import { isFlow } from '../conformance/flow-object.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { every, port, useHandMadeLogs } from '../investigate/hand-made-logs.ts';
import { HOURS, START, trafficFindings, trafficRecords } from '../investigate/traffic-world.ts';
import { sqlRows } from '../support/sql-rows.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { newDataSource, storeDruid } from './store-druid.ts';

const folder = useTempFolder();
const { withStore } = useHandMadeLogs();

/** Enrichment with next to nothing. */
const enrichment: InvestigationEnrichment = {
  ownAddress: () => null,
  ownAddresses: () => [],
  outsideAddress: () => null,
  portName: (_, number) => (number === 22 ? 'ssh' : null),
};

/** Strangers at two machines, who are refused at one. */
const knocking = every(
  30,
  (at, turn) => [
    { at, from: `203.0.113.${turn % 40}`, to: '10.0.1.1', sport: port(turn), dport: 6379, packets: 9, bytes: 2100, lasts: 3, action: 'ACCEPT' as const },
    { at, from: '198.51.100.7', to: '10.0.1.2', sport: port(turn), dport: 22, packets: 1, bytes: 60, lasts: 1, action: 'REJECT' as const },
  ],
  5,
); // prettier-ignore

/** What tells as much as another may come before or after it: texts are numbered otherwise in each store. */
function sorted(answer: { readonly combinations: readonly unknown[]; readonly source?: string }): unknown {
  const { source: _, ...rest } = answer;
  return { ...rest, combinations: answer.combinations.map((one) => JSON.stringify(one)).toSorted() };
}

describe('in Druid', () => {
  it('an investigation finds what it finds in DuckDB, word for word', () =>
    withStore(
      knocking,
      async (store) => {
        const rows = await sqlRows(
          await store.sql(
            'SELECT interface_id, srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes, epoch(start)::BIGINT, epoch("end")::BIGINT, action, log_status FROM flows',
          ),
        );
        const names = ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log_status']; // prettier-ignore
        const records = rows.map((row) =>
          Object.fromEntries(names.map((name, i) => [name, row[i] as string | number | null])),
        );
        const druid = await storeDruid(newDataSource(inject('druid')), records);
        const extent = await store.flowRange();
        expect(await druid.flowRange()).toEqual(extent);
        if (extent === null) throw new Error('no flow has a time');
        const columns = new Set(names);
        const scope = { columns, coverageColumns: columns, from: extent.first, to: extent.last + 1, sumsFrom: null }; // prettier-ignore
        const found = (of: FlowStore): ReturnType<typeof investigate> =>
          of.statements(null, (session) => investigate({ ...scope, coverageColumns: of.columns.coverage }, session, enrichment)); // prettier-ignore
        const expected = await found(store);
        expect(expected.findings.length).toBeGreaterThan(0);
        expect(await found(druid)).toEqual(expected);
        await druid.close();
      },
      5,
    ));

  it('findings about traffic are those of DuckDB, word for word, and sums of hours are fetched for them', async () => {
    const store = await DuckDbStore.open({ folder: `${folder.path}/traffic`, memoryBytes: 512 * 1024 ** 2, threads: 2 });
    await writeRecords(store, 'traffic', trafficRecords);
    const proxy = await startCountingProxy(inject('druid'));
    const druid = await storeDruid(newDataSource(proxy.url), trafficRecords);
    const own: InvestigationEnrichment = { ...enrichment, ownAddresses: () => ['2600:1f18::1'] };
    const scope = { columns: store.columns.flow, from: START, to: START + HOURS * 3600, sumsFrom: null };
    const found = (of: FlowStore): ReturnType<typeof investigate> =>
      of.statements(null, (session) => investigate({ ...scope, coverageColumns: of.columns.coverage }, session, own));
    const expected = await found(store);
    expect(expected.findings.map(({ kind, sources }) => `${kind} ${sources[0]?.address}`).toSorted()).toEqual(trafficFindings);
    expect(await found(druid)).toEqual(expected);
    await druid.flowRange();
    proxy.reset();
    const [from, to] = [START + 10 * 3600 + 100, START + 12 * 3600 + 7];
    const explained = (of: FlowStore, derived: readonly string[] | null = null): Promise<unknown> =>
      of.statements(derived, async ({ enrichment: state, ...session }) => {
        const ranges = { range: { from: from * 1000, to: to * 1000 }, earlier: { from: (from - 7200) * 1000, to: (to - 7200) * 1000 } };
        const request = parseExplain({ earlier: { shift: 'PT2H' }, time: { from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() }, by: 'bytes', ...(derived === null ? {} : { dimensions: derived }) });
        const enriched = state === undefined ? {} : { enrichment: state };
        const { source: _, ...answer } = await explain(request, { columns: of.columns.flow, coverageColumns: of.columns.coverage, flowsFrom: 0, ...ranges, ...enriched }, session);
        return sorted(answer);
      });
    expect(await explained(druid)).toEqual(await explained(store));
    // The two times, and those before by which it is judged what is usual: not the hours after them.
    expect(proxy.lines()).toBeLessThan(trafficRecords.length / 2);
    expect(proxy.requests().length).toBeLessThan(6);
    // Likewise by who began, which flows of all time tell: only those whose ports leave it open.
    for (const of of [store, druid]) of.enrichFrom(async () => enrichedWorld(eras[0]!).enrichment);
    await druid.flowRange();
    proxy.reset();
    expect(await explained(druid, ['initiator', 'service_port'])).toEqual(await explained(store, ['initiator', 'service_port']));
    expect(proxy.lines()).toBeLessThan(trafficRecords.length * 0.6);
    await druid.close();
    await store.close();
    await proxy.stop();
  }); // prettier-ignore

  it('flows are explained as DuckDB explains them', async () => {
    const [era] = eras;
    if (era === undefined) throw new Error('no era');
    const records = fc.sample(arbitraryFlows(era), { numRuns: 8, seed: 11 }).flat().filter(isFlow);
    const { enrichment: facts } = enrichedWorld(era);
    const store = await DuckDbStore.open({
      folder: `${folder.path}/explain`,
      memoryBytes: 512 * 1024 ** 2,
      threads: 2,
    });
    await writeRecords(store, 'records', records);
    store.enrichFrom(async () => facts);
    const druid = await storeDruid(newDataSource(inject('druid')), records, facts);
    const rejected = [{ field: 'action', in: ['REJECT'] }];
    const loose = { min_ratio: 0.1, min_support: 0.001 };
    const dimensions = ['instance_tag', 'dst_public_address', 'initiator', 'direction'];
    // What is fetched for two times is not kept from one statement to the next.
    const later = { from: Date.parse(era.around), to: Date.parse(era.around) + 2 * 3_600_000 };
    const earlier = { from: later.from - 2 * 3_600_000, to: later.from };
    const time = { from: new Date(later.from).toISOString(), to: new Date(later.to).toISOString() };
    const all = { range: null, earlier: null };
    let combinations = 0;
    for (const [json, ranges] of [
      [{ selection: rejected }, all],
      [{ selection: [{ field: 'dst_name', in: [null], not: true }], ...loose }, all],
      [{ selection: [{ field: 'instance_tag', contains: 'a' }], dimensions, ...loose }, all],
      [
        { earlier: { shift: 'PT2H' }, time, dimensions: ['dst_name', 'srcaddr', 'direction'], ...loose },
        { range: later, earlier },
      ],
      [
        { earlier: { shift: 'PT2H' }, time, dimensions: ['initiator'], ...loose },
        { range: later, earlier },
      ],
    ] as const) {
      const request = parseExplain(json);
      const explained = (of: FlowStore): ReturnType<typeof explain> =>
        of.statements([...dimensions, 'dst_name', 'service_name'], ({ enrichment: state, ...session }) =>
          explain(
            request,
            {
              columns: of.columns.flow,
              coverageColumns: of.columns.coverage,
              flowsFrom: 0,
              ...ranges,
              ...(state === undefined ? {} : { enrichment: state }),
            },
            session,
          ),
        );
      const [expected, answer] = [await explained(store), await explained(druid)];
      expect(sorted(answer)).toEqual(sorted(expected));
      combinations += expected.combinations.length;
    }
    expect(combinations).toBeGreaterThan(3);
    await druid.close();
    await store.close();
  });
});
