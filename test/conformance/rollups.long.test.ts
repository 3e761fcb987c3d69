import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbEngine } from '../../src/engine/duckdb/duckdb-engine.ts';
import { EnrichmentUpdater } from '../../src/engine/duckdb/enrichment-updater.ts';
import { retain } from '../../src/engine/duckdb/retention.ts';
import { Store } from '../../src/engine/duckdb/store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { duckdbRollups } from '../../src/sql/dialects/duckdb/duckdb-rollups.ts';
import { batchOf } from '../support/batch-of.ts';
import { type Era, arbitraryFlows, eras } from './arbitrary-flows.ts';
import { arbitraryQuery } from './arbitrary-query.ts';
import { expectAnswer } from './expect-answer.ts';
import { enrichedWorld } from './enriched-world.ts';
import { isFlow } from './flow-object.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

const runs = Number(process.env['PEEPHOLE_FUZZ_RUNS'] ?? 24);
const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 7);
/** Of some hours within a day, and of several days. */
const [hours, days] = eras as readonly [Era, Era, ...Era[]];

describe.each([
  ['hours', hours],
  ['days', days],
])('every table gives the same answer, of flows of some %s', (_, era) => {
  let folder: string;
  let store: Store;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peephole-rollups-'));
    store = await Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });
    // Several commits, so that an hour has more than one row for the same flows.
    for (const [index, records] of fc.sample(arbitraryFlows(era), { numRuns: 4, seed }).entries()) {
      await store.write(async (transaction) => {
        const input = transaction.open();
        const flows = batchOf(records.filter(isFlow));
        await transaction.append(input, {
          flows,
          coverage: batchOf([]),
          nodata: 0,
          skipdata: 0,
          quarantined: [],
        });
        transaction.close(input, ledgerEntry(`records ${index}`));
      });
    }
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Asks random queries of the flows, of each rollup alone, and of all; returns how often each table answered. */
  async function compareAll(): Promise<ReadonlyMap<string, number>> {
    const { enrichment } = enrichedWorld(era);
    const addresses = new EnrichmentUpdater(store, async () => enrichment);
    const truth = new DuckDbEngine(store, addresses, []);
    const others = [...duckdbRollups.map((rollup) => [rollup]), duckdbRollups].map(
      (rollups) => new DuckDbEngine(store, addresses, rollups),
    );
    const answered = new Map<string, number>();
    const subject = fc.constantFrom('anything', 'rejected', 'dstport', 'interface_id', 'srcaddr');
    const property = fc.asyncProperty(arbitraryQuery(era), subject, async (random, what) => {
      // There are rollups of ports alone, of interfaces, and of addresses.
      const alone = {
        splits: [{ field: what, limit: 5 }],
        having: [],
        having_depth: null,
        filter: [],
        measures: ['bytes'],
        compare: null,
      };
      const json = { ...random, ...(what === 'anything' || what === 'rejected' ? {} : alone) };
      const names = (json['measures'] as string[]).filter(
        (name) => name !== 'connections' && name !== 'flows',
      );
      // Among the rejected the rollup knows every port.
      const filter = [
        ...((json['filter'] as unknown[] | undefined) ?? []),
        ...(what === 'rejected' ? [{ field: 'action', in: ['REJECT'] }] : []),
      ];
      const query = parseQuery({ ...json, filter, measures: ['flows', ...names] });
      const expected = await truth.query(query);
      expect(expected.stats.source).toBe('flow');
      for (const engine of others) {
        const answer = await engine.query(query);
        answered.set(answer.stats.source, (answered.get(answer.stats.source) ?? 0) + 1);
        expectAnswer(answer, expected);
        expect(answer.stats.rows_scanned).toBe(expected.stats.rows_scanned);
      }
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    return answered;
  }

  test('for random queries', async () => {
    const answered = await compareAll();
    for (const { table } of duckdbRollups) expect(answered.get(table) ?? 0).toBeGreaterThan(runs / 20);
  });

  test('where inner groups come from another table than what is derived', async () => {
    const addresses = new EnrichmentUpdater(store, async () => enrichedWorld(era).enrichment);
    const [truth, all] = [new DuckDbEngine(store, addresses, []), new DuckDbEngine(store, addresses)];
    for (const field of ['src_country', 'dst_name', 'initiator', 'direction', 'dst_side', 'service_name']) {
      const query = parseQuery({
        splits: [
          { field: 'dstport', limit: 3 },
          { field, limit: 2 },
        ],
        measures: ['flows', 'unique_sources'],
        other: true,
        subtotals: true,
      });
      expectAnswer(await all.query(query), await truth.query(query));
    }
  });

  test('also after the older flows were dropped', async () => {
    const { dropped_flows, kept_flows } = await retain(store, { keep: 'PT90M', keepRaw: null });
    expect(dropped_flows).toBeGreaterThan(0);
    expect(kept_flows).toBeGreaterThan(0);
    await compareAll();
  });
});
