import fc from 'fast-check';
import type { FlowStore } from '../../src/engine/flow-store.ts';
import type { FindingRecord } from '../../src/model/knocks/finding-record.ts';
import { parseVisit } from '../../src/model/visits/parse-visit.ts';
import { arbitraryFlows, eras } from '../conformance/arbitrary-flows.ts';
import { writeRecords } from '../conformance/store-duckdb.ts';
import { partOf } from './batch-of.ts';
import { collect } from './collect.ts';
import { sqlRows } from './sql-rows.ts';
import { visitLine } from './visit-lines.ts';

const SOURCE = "kafka:it's";
const WORDS = Uint32Array.from([1, 2, 3, 4, 0xffff_ffff, 6, 7, 8]);
const finding: FindingRecord = {
  id: 'f-1',
  identity: 'scan of 10.0.0.1',
  parts: ['10.0.0.1'],
  kind: 'scan',
  score: 0.5,
  summary: "it's scanned",
  first_seen: 3,
  last_seen: 4,
  state: 'acknowledged',
  since: 5,
  until: null,
  note: 'seen',
  quiet_from: null,
  first_told: null,
  last_told: null,
};

/** Fills a store with one of everything. */
export async function fillStore(store: FlowStore): Promise<void> {
  const samples = fc.sample(arbitraryFlows(eras[0]!), { numRuns: 3, seed: 5 });
  for (const [i, records] of samples.entries()) await writeRecords(store, `input-${i}`, records);
  const visits = Array.from({ length: 7 }, (_, i) => {
    const visit = parseVisit(
      visitLine({
        listener: '00112233445566ff',
        number: i + 1,
        at: 1_529_452_800_000 + i,
        source: '203.0.113.9',
      }).trimEnd(),
    );
    if (typeof visit === 'string') throw new Error(visit);
    return visit;
  });
  await store.write(async (batch) => {
    const input = await batch.openStream(SOURCE);
    const line = { line: 3, reason: 'no', text: 'bad\u0000\'"', item: 'message 7' };
    const part = {
      ...partOf([{ start: 1_529_452_800, srcaddr: '2001:db8::1' }]),
      quarantined: [line],
      visits,
    };
    await batch.prepare([part]);
    await batch.append(input, part);
    batch.closeStream(input);
    batch.sources.savePositions(SOURCE, new Map([['0', '7']]));
    batch.sources.saveObjects([{ name: "a'\\b", tag: 't' }]);
    batch.sources.saveIds(SOURCE, { slot: 3, words: WORDS });
    batch.sources.count(SOURCE, { records: 3, objects: 1 });
  });
  await store.addInventory({
    at: 100,
    items: [{ kind: 'instance', id: 'i-1', facts: '{"name":"a"}' }],
    ranges: [{ prefix: '10.0.0.0/8', service: 'S3', region: 'eu-west-1' }],
  });
  await store.findings.change(() => ({ changed: [finding], forgotten: [] }));
}

/** All that a store says of itself, in an order of its own. */
export async function saidBy(store: FlowStore): Promise<unknown> {
  const columns = 'srcaddr, dstaddr, srcport, dstport, protocol, packets, bytes, action, interface_id, extra';
  const rows = async (sql: string): Promise<unknown> =>
    (await sqlRows(await store.sql(sql))).map((row) => JSON.stringify(row)).toSorted();
  const { folder: _, bytes: __, revision: ___, engine: ____, ...status } = await store.status();
  return {
    status,
    flows: await rows(`SELECT "start", "end", ${columns} FROM flows`),
    coverage: await rows('SELECT "start", log_status, interface_id, input FROM coverage'),
    quarantine: await rows('SELECT input, line, reason, text FROM quarantine'),
    positions: [...(await store.sources.positions(SOURCE))],
    totals: (await store.sources.totals()).map(({ source, records, objects }) => [source, records, objects]),
    objects: await store.sources.states([{ name: "a'\\b", tag: 't' }]),
    ids: (await collect(store.sources.ids(SOURCE))).map(({ slot, words }) => [
      slot,
      [...new BigUint64Array(Uint32Array.from(words).buffer)].map(String).toSorted(),
    ]),
    inventory: await store.inventory(),
    findings: await store.findings.all(),
    visits: await store.visits.latest({ from: null, to: null, ports: [], sources: [] }, 10),
  };
}
