import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputsOf } from './combining.ts';
import type { Component } from './component.ts';
import { type NumberFlow, planOf, tablesOf, usePlanDatabase } from '../../../test/support/plan-database.ts';
import { preAggregatedRows } from './pre-aggregate.ts';

const database = usePlanDatabase();

/** Few different values, so that many rows are equal. */
const value = (most: number) => fc.option(fc.integer({ min: 1, max: most }), { nil: null });
const flow: fc.Arbitrary<NumberFlow> = fc.record({
  start: fc.integer({ min: 1_529_452_800, max: 1_529_452_800 + 5 * 3600 }),
  srcaddr: value(3),
  dstport: value(3),
  bytes: value(50),
});

/** The rows after pre-aggregation of a query's flows. */
async function condensed(
  query: object,
  components: readonly Component[],
  wholly: boolean,
  columns: string,
): Promise<readonly (readonly (number | null)[])[]> {
  const plan = planOf(query);
  const request = {
    keys: plan.keys,
    columns: inputsOf(components),
    components,
    filter: [],
    range: null,
    periods: plan.periods,
    compare: null,
    rollup: null,
  };
  return database.rows(
    plan,
    tablesOf(plan),
    `SELECT ${columns} FROM (${preAggregatedRows(request, wholly, plan.scope)})`,
  );
}

/** Groups rows by their first `keys` values and adds up the other numbers. */
function addedUp(
  rows: readonly (readonly (number | null)[])[],
  keys: number,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const sums = groups.get(String(row.slice(0, keys))) ?? row.slice(keys).map(() => 0);
    groups.set(
      String(row.slice(0, keys)),
      sums.map((sum, i) => sum + (row[keys + i] ?? 0)),
    );
  }
  return groups;
}

const HOURS = 2 * 3600;

test('rows that no measure distinguishes become one, with their sums and their number', async () => {
  const property = fc.asyncProperty(fc.array(flow, { maxLength: 40 }), async (flows) => {
    await database.flows(flows);
    const rows = await condensed(
      { splits: [{ field: 'dstport' }], measures: ['bytes', 'unique_sources'] },
      ['flows', 'bytes', 'sources'],
      true,
      'k1, source, bytes, weight',
    );
    const expected = addedUp(
      flows.map(({ dstport = null, srcaddr = null, bytes = null }) => [dstport, srcaddr, bytes, 1]),
      2,
    );
    expect(rows).toHaveLength(expected.size);
    expect(addedUp(rows, 2)).toEqual(expected);
  });
  await fc.assert(property, { numRuns: 30, seed: 1 });
});

test('a sum is null only if no flow has a value', async () => {
  await database.flows([{ dstport: 1 }, { dstport: 1 }, { dstport: 2, bytes: 5 }, { dstport: 2 }]);
  const rows = await condensed(
    { splits: [{ field: 'dstport' }], measures: ['bytes'] },
    ['flows', 'bytes'],
    true,
    'k1, bytes, weight',
  );
  expect(rows.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
    [1, null, 2],
    [2, 5, 2],
  ]);
});

test.each([true, false])('a time bucket has the sums of its flows (wholly: %s)', async (wholly) => {
  const query = { splits: [{ field: 'time', bucket: 'PT2H' }], measures: ['bytes'] };
  const [key] = planOf(query).keys;
  const property = fc.asyncProperty(fc.array(flow, { maxLength: 40 }), async (flows) => {
    await database.flows(flows);
    const rows = await condensed(query, ['flows', 'bytes'], wholly, 'k1, bytes, weight');
    const expected = addedUp(
      flows.map(({ start, bytes = null }) => [Math.floor(Number(start) / HOURS) * HOURS, bytes, 1]),
      1,
    );
    const found = rows.map(([at, ...amounts]) => [key?.time?.start(Number(at)) ?? null, ...amounts]);
    expect(addedUp(found, 1)).toEqual(expected);
    // At most one row for each hour, or for each bucket if rows are aggregated wholly.
    const hours = new Set(flows.map(({ start }) => Math.floor(Number(start) / 3600)));
    expect(rows).toHaveLength(wholly ? expected.size : hours.size);
  });
  await fc.assert(property, { numRuns: 20, seed: 3 });
});
