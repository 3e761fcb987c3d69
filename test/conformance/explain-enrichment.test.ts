import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { explainFlows } from '../../src/service/explain-flows.ts';
import { partOf } from '../support/batch-of.ts';
import { share } from '../support/suite.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { matchesClause } from './evaluate-clause.ts';
import { type FlowObject, isFlow } from './flow-object.ts';
import { enrichedWorld } from './enriched-world.ts';
import { ledgerEntry } from '../support/ledger-entry.ts';

const seed = Number(process.env['PEEPHOLE_FUZZ_SEED'] ?? 11);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-explain-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In each of these something changes within an hour that has flows. */
describe.each(share(eras.slice(0, 3), 1))('explain by enrichment, around $around', (era) => {
  test('counts what plain loops count, whoever had an address when', async () => {
    const records = fc.sample(arbitraryFlows(era), { numRuns: 8, seed }).flat().filter(isFlow);
    const { enrichment, enriched } = enrichedWorld(era);
    const enrichedRecords = enriched(records);
    const store = await DuckDbStore.open({
      folder: join(folder, era.around),
      memoryBytes: 256 * 1024 * 1024,
      threads: 2,
    });
    try {
      await store.write(async (transaction) => {
        const input = transaction.open();
        await transaction.append(input, partOf(records));
        transaction.close(input, ledgerEntry('a'));
      });
      store.enrichFrom(async () => enrichment);
      const seen = new Set<string>();
      for (const { selection, dimensions, by } of questions.flatMap((one) =>
        (['flows', 'bytes'] as const).map((by) => ({ ...one, by })),
      )) {
        const request = {
          selection,
          by,
          min_ratio: 0.1,
          min_support: 0.001,
          ...(dimensions === null ? {} : { dimensions }),
        };
        const { combinations, totals } = await explainFlows(store, request, {});
        const inIt = (filter: unknown, record: FlowObject): boolean =>
          parseQuery({ filter }).filter.every((clause) => matchesClause(record, clause));
        const chosen = enrichedRecords.filter((record) => inIt(selection, record));
        const rest = enrichedRecords.filter((record) => !inIt(selection, record));
        const amountOf = (list: readonly FlowObject[]): number =>
          by === 'flows'
            ? list.length
            : Number(list.reduce((sum, { bytes }) => sum + BigInt(bytes ?? 0), 0n));
        expect(totals).toEqual({ selected: amountOf(chosen), rest: amountOf(rest) });
        for (const { filter, selected, rest: others, values } of combinations) {
          // Answers have no such port in the rollup.
          if (values.some(({ field, value }) => field === 'dstport' && Number(value) >= 32_768)) continue;
          const counts = [chosen, rest].map((list) =>
            amountOf(list.filter((record) => inIt(filter, record))),
          );
          expect([values, selected, others]).toEqual([values, ...counts]);
          for (const { field } of values) seen.add(field);
        }
      }
      expect(seen.size).toBeGreaterThan(8);
      expect([...seen].filter((field) => field.endsWith('_name')).length).toBeGreaterThan(0);
    } finally {
      await store.close();
    }
  });
});

const questions = [
  { selection: [{ field: 'action', in: ['REJECT'] }], dimensions: null },
  { selection: [{ field: 'dstport', in: [22, 80] }], dimensions: null },
  { selection: [{ field: 'interface_id', in: ['eni-1'] }], dimensions: ['src_name', 'dst_name', 'src_vpc', 'dst_vpc', 'src_security_groups'] },
  { selection: [{ field: 'dst_vpc', in: ['vpc-1'] }], dimensions: ['src_name', 'dst_name', 'dstaddr', 'dst_tags', 'src_kind', 'dst_public_address', 'initiator', 'service_name', 'direction', 'src_asn'] },
  { selection: [{ field: 'src_country', in: ['US'] }], dimensions: null },
]; // prettier-ignore
