import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DuckDbEngine } from '../../src/engine/duckdb/duckdb-engine.ts';
import { type MeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import type { Query } from '../../src/model/query/query.ts';
import { arbitraryFlows, eras } from './arbitrary-flows.ts';
import { type FlowObject, isFlow } from './flow-object.ts';
import { storeDuckDb } from './store-duckdb.ts';

/** A measure that no sum of flows can tell: the nineteenth of twenty, by packets. */
const P95 = 'p95(packets)';
const SHARE = 0.95;

function percentile(records: readonly FlowObject[]): Cell {
  const values = records.flatMap(({ packets }) => (packets == null ? [] : [Number(packets)]));
  return values.toSorted((a, b) => a - b)[Math.ceil(SHARE * values.length) - 1] ?? null;
}

const [era] = eras;
if (era === undefined) throw new Error('no era');
const [records = []] = fc.sample(arbitraryFlows(era), { numRuns: 1, seed: 11 });
const flows = records
  .filter(isFlow)
  .map((record, i): FlowObject => ({ action: null, ...record, packets: (i * 37) % 100 }));
let engine: DuckDbEngine & { close(): Promise<void> };

beforeAll(async () => {
  engine = await storeDuckDb(flows);
});
afterAll(async () => {
  await engine.close();
});

function ask(
  json: Readonly<Record<string, unknown>>,
  names: readonly MeasureName[] = ['flows', P95],
): Promise<Answer> {
  const query: Query = { ...parseQuery(json), measures: names };
  return engine.query(query);
}

const within = (field: string, value: unknown): readonly FlowObject[] =>
  flows.filter((record) => (record[field] ?? null) === (value ?? null));

describe('a measure that needs each flow', () => {
  test('is answered from the flows where others are from a rollup, and exactly', async () => {
    expect((await ask({}, ['flows', 'bytes'])).stats.source).not.toBe('flow');
    const { rows, stats } = await ask({});
    expect(stats.source).toBe('flow');
    expect(rows).toEqual([[flows.length, percentile(flows)]]);
  });

  test.each(['dstport', 'action', 'srcaddr'])('of each %s', async (field) => {
    const { rows, stats } = await ask({ splits: [{ field, limit: null }], subtotals: true });
    expect(stats.source).toBe('flow');
    expect(rows.length).toBeGreaterThan(1);
    for (const [value = null, count, p95] of rows) {
      expect([value, count, p95]).toEqual([
        value,
        within(field, value).length,
        percentile(within(field, value)),
      ]);
    }
  });

  // Few groups of several passes are condensed for other measures; what is cut or hidden is added up.
  test('in nested groups, of what a limit cuts, of what is hidden, and of all', async () => {
    const json = {
      splits: [
        { field: 'action', limit: 1 },
        { field: 'protocol', limit: 1 },
      ],
      other: true,
      subtotals: true,
    };
    const { rows, other, subtotals, stats } = await ask(json);
    expect(stats.source).toBe('flow');
    const [action, protocol, ...values] = rows[0] ?? [];
    const shown = within('action', action ?? null);
    const inner = shown.filter((record) => (record['protocol'] ?? null) === protocol);
    expect(values).toEqual([inner.length, percentile(inner)]);
    const rest = flows.filter((record) => !shown.includes(record));
    const innerRest = shown.filter((record) => !inner.includes(record));
    const byDepth = (depth: number): readonly Cell[] | undefined =>
      other?.find(({ path }) => path.length === depth)?.values;
    expect(byDepth(0)).toEqual([rest.length, percentile(rest)]);
    expect(byDepth(1)).toEqual([innerRest.length, percentile(innerRest)]);
    expect(subtotals?.find(({ path }) => path.length === 0)?.values).toEqual([
      flows.length,
      percentile(flows),
    ]);

    const least = 12;
    const { hidden } = await ask({
      splits: [{ field: 'dstport', limit: null }],
      having: [{ measure: 'flows', between: [least, null] }],
      hidden: true,
    });
    const small = flows.filter((record) => within('dstport', record['dstport'] ?? null).length < least);
    expect(small.length).toBeGreaterThan(0);
    expect(hidden?.values).toEqual([small.length, percentile(small)]);
  });
});
