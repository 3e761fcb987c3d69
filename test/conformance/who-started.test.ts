import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbEngine } from '../../src/engine/duckdb/duckdb-engine.ts';
import { EnrichmentUpdater } from '../../src/engine/duckdb/enrichment-updater.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { batchOf, partOf } from '../support/batch-of.ts';
import { type FlowObject, isFlow } from './flow-object.ts';
import { eras } from './arbitrary-flows.ts';
import { enrichedWorld } from './enriched-world.ts';
import { whoStarted } from './who-started.ts';
import { sqlRows } from '../support/sql-rows.ts';
import { runs } from '../support/suite.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

const numRuns = Number(process.env['PEEPHOLE_FUZZ_RUNS'] ?? runs({ short: 2, long: 20 }));
const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 3);
const NOON = Date.parse('2018-06-20T12:00:00Z') / 1000;
const { enrichment } = enrichedWorld(eras[0]!);
const fields = ['interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'start'];
const told = ['initiator', 'client_address', 'server_address', 'service_port'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-started-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let stores = 0;
/** A store that takes in one part after the other; `ask` gives the flows with what is said of them, in order. */
async function inStore(
  parts: readonly (readonly FlowObject[])[],
  work: (
    ask: () => Promise<readonly string[]>,
    put: () => Promise<void>,
    engine: DuckDbEngine,
  ) => Promise<void>,
): Promise<void> {
  const options = { folder: join(folder, String(stores++)), memoryBytes: 256 * 1024 * 1024, threads: 2 };
  const store = await Store.open(options);
  const engine = new DuckDbEngine(store, new EnrichmentUpdater(store, async () => enrichment));
  let next = 0;
  const put = (): Promise<void> =>
    store.write(async (transaction) => {
      const input = transaction.open();
      const records = parts[next] ?? [];
      const [flows, coverage] = [true, false].map((is) => records.filter((one) => isFlow(one) === is));
      await transaction.append(input, {
        ...partOf(flows ?? []),
        coverage: batchOf(coverage ?? []),
        nodata: coverage?.length ?? 0,
      });
      transaction.close(input, ledgerEntry(String(next), { size: next }));
      next++;
    });
  const ask = async (): Promise<readonly string[]> => {
    const rows = await sqlRows(
      await engine.sql(`SELECT ${[...fields, ...told].map((name) => `"${name}"`).join(', ')} FROM flows`),
    );
    return rows.map((row) => row.map(String).join(' ')).toSorted();
  };
  try {
    await work(ask, put, engine);
  } finally {
    await store.close();
  }
}

function expected(records: readonly FlowObject[]): readonly string[] {
  const started = whoStarted(records);
  return records
    .filter(isFlow)
    .map((record) => {
      const all = { ...record, ...started(record) };
      return [...fields, ...told].map((name) => cell(name, all[name] ?? null)).join(' ');
    })
    .toSorted();
}

function cell(name: string, value: string | number | bigint | null): string {
  if (name !== 'start' || value === null) return String(value);
  return new Date(Number(value) * 1000).toISOString().replace('.000Z', 'Z');
}

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | null> =>
  fc.option(fc.constantFrom(...values), { freq: 20, nil: null });

/** Few ends, so that they meet again and again, both ways; around some hours, of which not all have logs. */
const arbitraryRecords: fc.Arbitrary<readonly FlowObject[]> = fc
  .record({ flagged: fc.constantFrom('all', 'some', 'none'), span: fc.constantFrom(900, 2400, 9000) })
  .chain(({ flagged, span }) =>
    fc.array(
      fc
        .record({
          interface_id: maybe(['eni-1', 'eni-1', 'eni-2']),
          srcaddr: maybe(['10.0.0.1', '10.0.0.2', '2001:db8::1']),
          dstaddr: maybe(['10.0.0.1', '10.0.0.2', '2001:db8::1']),
          srcport: maybe([53, 5000, 40_000, 40_001]),
          dstport: maybe([53, 5000, 40_000, 40_001]),
          protocol: fc.constantFrom(6, 6, 17, 1),
          tcp_flags: maybe([0, 0, 1, 2, 3, 18, 19]),
          start: maybe(Array.from({ length: span / 60 }, (_, i) => NOON - 1200 + i * 60)),
          status: fc.constantFrom('OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'NODATA'),
        })
        .map(({ tcp_flags, status, ...record }): FlowObject => ({
          ...record,
          ...(flagged === 'none'
            ? {}
            : { tcp_flags: flagged === 'some' && record.srcport === 53 ? null : tcp_flags }),
          end: record.start,
          log_status: status,
        })),
      { minLength: 20, maxLength: 120 },
    ),
  );

describe('who started', () => {
  test('is the same whatever came in first, and what plain loops say', async () => {
    const counts = new Map<string, number>();
    const property = fc.asyncProperty(arbitraryRecords, fc.array(fc.nat(120), { maxLength: 2 }), async (records, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, records.length)).toSorted((a, b) => a - b), records.length];
      const parts = places.slice(1).map((to, i) => records.slice(places[i], to));
      await inStore(parts, async (ask, put) => {
        for (const i of parts.keys()) {
          await put();
          const soFar = parts.slice(0, i + 1).flat();
          const answer = await ask();
          expect(answer).toEqual(expected(soFar));
        }
      });
      await inStore([records.toReversed()], async (ask, put) => {
        await put();
        expect(await ask()).toEqual(expected(records));
      });
      for (const line of expected(records)) {
        const initiator = line.split(' ')[fields.length] ?? '';
        counts.set(initiator, (counts.get(initiator) ?? 0) + 1);
      }
    });
    await fc.assert(property, { numRuns, seed, endOnFailure: true });
    expect(counts.size).toBe(3);
  });

  const flow = (source: string, destination: string, start: number, more: FlowObject = {}): FlowObject => {
    const [srcaddr, srcport] = source.split(' ');
    const [dstaddr, dstport] = destination.split(' ');
    const ends = { srcaddr: srcaddr ?? '', srcport: Number(srcport), dstaddr: dstaddr ?? '', dstport: Number(dstport) };
    return { interface_id: 'eni-1', protocol: 17, ...ends, start, end: start, log_status: 'OK', ...more };
  };
  const [A, B] = ['10.0.0.1 5000', '10.0.0.2 5001'];
  const before = flow('10.9.9.9 1', '10.9.9.9 1', NOON - 1200);
  const back = (start: number, more: FlowObject = {}): FlowObject => flow(B, A, start, more);
  const clients = [1, 2, 3].flatMap((n) => [flow(`10.0.1.${n} 6000`, B, NOON), flow(B, `10.0.1.${n} 6000`, NOON)]);

  test.each([
    ['the answer comes later', [before, flow(A, B, NOON), back(NOON + 60)], 'source'],
    ['the answer came first', [before, flow(A, B, NOON), back(NOON - 60)], 'destination'],
    ['both start at once', [before, flow(A, B, NOON), back(NOON)], null],
    ['nobody answers', [before, flow(A, B, NOON)], null],
    ['the answer comes too late to be one', [before, flow(A, B, NOON), back(NOON + 601)], null],
    ['the answer is at another interface', [before, flow(A, B, NOON), back(NOON + 60, { interface_id: 'eni-2' })], null],
    ['the logs begin less than ten minutes before', [flow(A, B, NOON), back(NOON + 60)], null],
    ['there are no logs of the hour before', [flow('10.9.9.9 1', '10.9.9.9 1', NOON - 9000), flow(A, B, NOON), back(NOON + 60)], null],
    ['a SYN lies in another record', [flow(A, B, NOON, { protocol: 6, tcp_flags: 0 }), flow(A, B, NOON - 60, { protocol: 6, tcp_flags: 2 })], 'source'],
    ['a SYN with ACK came back', [flow(A, B, NOON, { protocol: 6, tcp_flags: 0 }), back(NOON, { protocol: 6, tcp_flags: 18 })], 'source'],
    ['flags are logged, but of the beginning there are none', [before, flow(A, B, NOON, { protocol: 6, tcp_flags: 0 }), back(NOON + 60, { protocol: 6, tcp_flags: 0 })], null],
    ['many others talk to the destination’s end', [flow(A, B, NOON), back(NOON), ...clients], 'source'],
    ['of those, only two were answered', [flow(A, B, NOON), back(NOON), ...clients.slice(0, 2), ...[8, 9].map((n) => flow(`10.0.1.${n} 6000`, B, NOON))], null],
  ] as const)('where ports are alike: %s', async (_, records, initiator) => {
    await inStore([records], async (_ask, put, engine) => {
      await put();
      const filter = [{ field: 'srcaddr', in: ['10.0.0.1'] }, { field: 'time', in: [cell('start', NOON)] }];
      const { rows } = await engine.query(parseQuery({ filter, splits: [{ field: 'initiator' }] }));
      expect(rows).toEqual([[initiator, 1]]);
      expect(records.map(whoStarted(records)).find((__, i) => records[i]?.['start'] === NOON && records[i]?.['srcaddr'] === '10.0.0.1')?.['initiator']).toBe(initiator);
    });
  });
}); // prettier-ignore
