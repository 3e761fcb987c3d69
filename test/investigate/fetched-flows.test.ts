import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import { explain } from '../../src/investigate/explain/explain-difference.ts';
import { investigate } from '../../src/investigate/investigate.ts';
import type { InvestigationEnrichment } from '../../src/investigate/investigation-enrichment.ts';
import { parseExplain } from '../../src/model/explain/parse-explain.ts';
import type { ResolvedRange } from '../../src/model/time/range.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { findFiles } from '../../src/sources/files/find-files.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { fetchedSession, type FetchedSession } from '../support/fetched-session.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';
import { trafficFindings, trafficRecords } from './traffic-world.ts';

// Statements say what flows they need (`src/sql/flow-need.ts`); in Druid nothing else is fetched for them.

const folder = useTempFolder();
const { withStore } = useHandMadeLogs();

const enrichment: InvestigationEnrichment = {
  ownAddress: () => null,
  ownAddresses: () => ['2600:1f18::1'],
  outsideAddress: () => null,
  portName: (_, number) => (number === 22 ? 'ssh' : null),
};

const options = (name: string): Parameters<typeof DuckDbStore.open>[0] => ({
  folder: `${folder.path}/${name}`,
  memoryBytes: 512 * 1024 ** 2,
  threads: 2,
});

/** Investigates a store twice: with all flows at hand, and with what statements need. @returns the kinds of findings, the notes, and what was fetched */
async function investigated(store: DuckDbStore): Promise<{ kinds: readonly string[]; notes: readonly string[]; rows: FetchedSession['rows'] }> {
  const extent = await store.flowRange();
  if (extent === null) throw new Error('no flow has a time');
  const { flow, coverage } = store.columns;
  const scope = { columns: flow, coverageColumns: coverage, from: extent.first, to: extent.last + 1, sumsFrom: null };
  const expected = await store.statements(null, (session) => investigate(scope, session, enrichment));
  const rows = await store.statements(null, async (session) => {
    const fetched = fetchedSession(session, flow);
    expect(await investigate(scope, fetched, enrichment)).toEqual(expected);
    return fetched.rows;
  });
  return { kinds: expected.findings.map(({ kind, sources }) => `${kind} ${sources[0]?.address}`), notes: expected.notes, rows };
} // prettier-ignore

/** Accepted both ways. */
function talk(
  at: number,
  turn: number,
  from: string,
  to: string,
  dport: number,
  bytes = 1500,
): readonly Line[] {
  return [
    { at, from, to, sport: port(turn), dport, packets: 8, bytes, lasts: 2, action: 'ACCEPT' },
    { at, from: to, to: from, sport: dport, dport: port(turn), packets: 8, bytes: 2 * bytes, lasts: 2, action: 'ACCEPT' },
  ]; // prettier-ignore
}

const HOURS = 60;
/** Something of what hourly sums alone do not tell: sessions, answers, changes of rules, what fell silent. */
const lines: readonly Line[] = [
  ...every(30, (at) => [{ at, from: '198.51.100.9', to: OURS, sport: 50_000, dport: 25 }], 20),
  // Guesses at a password, then a session.
  ...every(10, (at, turn) => talk(at, turn, OUT, OURS, 22)).filter(({ at }) => at >= 3600 && at < 6000),
  ...Array.from({ length: 10 }, (_, minute) => talk(6100 + minute * 60, 9999, OUT, OURS, 22, 50_000)).flat(),
  // Rules that let in, and rules that shut out.
  ...every(
    300,
    (at, turn) => [
      ...(at < 20 * 3600
        ? talk(at, turn, '10.0.0.77', OURS, 5432)
        : [{ at, from: '10.0.0.77', to: OURS, sport: port(turn), dport: 5432 }]),
      ...(at < 30 * 3600
        ? [{ at, from: '203.0.113.40', to: '10.0.0.6', sport: port(turn), dport: 3306 }]
        : talk(at, turn, '203.0.113.40', '10.0.0.6', 3306)),
    ],
    HOURS,
  ),
  // A server that answers no more, though it is asked; and others that go on.
  ...every(300, (at, turn) => [
    ...talk(at, turn, '10.0.0.71', '10.0.0.80', 443).slice(0, at < 45 * 3600 ? 2 : 1),
    ...talk(at, turn, '10.0.0.50', '10.0.0.51', 5432),
  ], HOURS),
  // Nobody answers.
  ...every(300, (at, turn) => [{ at, from: '10.0.0.72', to: '10.0.0.81', sport: port(turn), dport: 9200, packets: 2, bytes: 120, lasts: 3, action: 'ACCEPT' as const }], 12),
]; // prettier-ignore

describe('an investigation reads no flows but those that its statements say that they need', () => {
  test('where rules change, somebody guesses, and services fall silent', () =>
    withStore(
      lines,
      async (store) => {
        const { kinds } = await investigated(store);
        expect(new Set(kinds.map((kind) => kind.split(' ')[0]))).toEqual(
          new Set(['exposed_service', 'misconfigured_client', 'guessing_succeeded', 'rejected_after_change', 'newly_accepted', 'vanished']),
        );
      },
      HOURS,
    )); // prettier-ignore

  test('where replies are rejected on their way out', () =>
    withStore(
      every(60, (at, turn) => {
        const [request, reply] = talk(at, turn, OUT, OURS, 8443);
        if (request === undefined || reply === undefined) return [];
        return [request, turn % 3 === 0 ? reply : { ...reply, action: 'REJECT' as const }];
      }, 8),
      async (store) => {
        const { notes } = await investigated(store);
        expect(notes).toContainEqual(expect.stringMatching(/^320 replies from port 8443 .* on the way out, of 480 /));
      },
    )); // prettier-ignore

  test('where a transit gateway lost packets', async () => {
    const log = [
      'version resource-type tgw-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status packets-lost-blackhole',
      ...Array.from({ length: 90 }, (_, hour) => ['6 TransitGateway tgw-1', '10.0.1.1', '10.0.2.2', port(hour), 443, 6, 5, 500, 1_704_844_800 + hour * 3600, 1_704_844_805 + hour * 3600, 'OK', hour % 3].join(' ')),
    ]; // prettier-ignore
    await withLoggedStore(folder.path, [`${log.join('\n')}\n`], async (store) => {
      const { notes } = await investigated(store);
      expect(notes).toContainEqual(
        expect.stringMatching(/^Transit gateways lost 90 packets of 60 flow records to a blackhole/),
      );
    });
  });

  test('about traffic, with IPv6', async () => {
    const store = await DuckDbStore.open(options('traffic'));
    await writeRecords(store, 'traffic', trafficRecords);
    expect((await investigated(store)).kinds.toSorted()).toEqual(trafficFindings);
    await store.close();
  });
});

/** What is asked of the last hours of a store (Unix seconds), which are cut at their ends: the request, and its times. */
interface Case {
  readonly json: object;
  readonly range?: ResolvedRange;
  readonly earlier?: ResolvedRange;
}

const rejected = [{ field: 'action', in: ['REJECT'] }];
const iso = (ms: number): string => new Date(ms).toISOString();
const lastHours = (last: number): { range: ResolvedRange; time: object } => {
  const range = { from: (last - 5 * 3600) * 1000, to: last * 1000 };
  return { range, time: { from: iso(range.from), to: iso(range.to) } };
};
const cases: Readonly<Record<string, (first: number, last: number) => Case>> = {
  'all rejected flows': () => ({ json: { selection: rejected } }),
  'those of hours that are cut': (_, last) => {
    const { range, time } = lastHours(last);
    return { json: { selection: rejected, time }, range };
  },
  'an earlier time, by bytes': (_, last) => {
    const { range, time } = lastHours(last);
    const earlier = { from: range.from - 86_400_000, to: range.to - 86_400_000 };
    return { json: { earlier: { shift: 'P1D' }, time, by: 'bytes' }, range, earlier };
  },
  'fields that no sums have': (_, last) => {
    const { range, time } = lastHours(last);
    return { json: { selection: rejected, dimensions: ['srcport', 'dstport', 'protocol'], time }, range };
  },
  'ports of clients': () => ({ json: { selection: rejected, dimensions: ['dstport', 'protocol'] } }),
  'a moment': (first) => ({
    json: { selection: [{ field: 'time', ranges: [{ from: iso((first + 4000) * 1000), to: iso((first + 12_345) * 1000) }] }] },
  }),
  'under a filter': (_, last) => {
    const { range, time } = lastHours(last);
    return { json: { selection: rejected, filter: [{ field: 'dstport', in: [443, 22, 3389] }], time }, range };
  },
}; // prettier-ignore

describe('of a company', () => {
  const FLOWS = 250_000;
  let store: DuckDbStore;

  beforeAll(async () => {
    store = await DuckDbStore.open(options('company'));
    const logs = `${folder.path}/logs`;
    await simulate({ out: logs, days: 2, flows: FLOWS, seed: '11', format: 'v5' });
    await ingest(store, await findFiles([`${logs}/AWSLogs`], folder.path, store.folder), { format: null });
  });
  afterAll(() => store.close());

  test('an investigation fetches fewer rows than there are flows', async () => {
    const { rows } = await investigated(store);
    expect(rows.each + rows.alike + rows.hours).toBeLessThan(FLOWS);
  });

  test.for(Object.entries(cases))('is explained: %s', async ([, make]) => {
    const extent = await store.flowRange();
    const { json, range = null, earlier = null } = make(extent?.first ?? 0, extent?.last ?? 0);
    const request = parseExplain(json);
    const { flow, coverage } = store.columns;
    const scope = { columns: flow, coverageColumns: coverage, flowsFrom: 0, range, earlier };
    const { source: _, ...expected } = await store.statements(null, (session) => explain(request, scope, session));
    await store.statements(null, async (session) => {
      const { source, ...found } = await explain(request, scope, fetchedSession(session, flow));
      expect(found).toEqual(expected);
      expect(source).toBe('elsewhere');
    });
    expect(expected.totals.selected).toBeGreaterThan(0);
  }); // prettier-ignore
});
