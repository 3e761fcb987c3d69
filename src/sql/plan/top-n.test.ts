import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, tablesOf, usePlanDatabase, type Value } from '../../../test/support/plan-database.ts';
import { selectTopNodes } from './top-n.ts';

const database = usePlanDatabase();

type Order = 'asc' | 'desc';

/** Compares two values, with null last in both orders. */
function compare(a: Value, b: Value, order: Order): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return order === 'asc' ? a - b : b - a;
}

/** Few different values, so that many are equal. */
const key = fc.option(fc.integer({ min: 1, max: 12 }), { nil: null });
const amount = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
const order = fc.constantFrom<Order>('asc', 'desc');

test('one split: the first groups by the measure, then by the value', async () => {
  const groups = fc.uniqueArray(fc.record({ key, amount }), { selector: ({ key: value }) => value });
  const property = fc.asyncProperty(
    groups,
    order,
    fc.integer({ min: 1, max: 8 }),
    async (all, way, limit) => {
      const plan = planOf({
        splits: [{ field: 'dstport', limit, sort: { by: 'bytes', order: way } }],
        measures: ['bytes'],
      });
      await database.table(
        'm0',
        ['parent', 'k1', 'm_bytes_now'],
        all.map((group) => [0, group.key, group.amount]),
      );
      const ctes = tablesOf(plan);
      const select = `SELECT k1, m_bytes_now, node FROM (${selectTopNodes(plan, ctes, { first: 0, last: 0 }, 0)}) ORDER BY node`;
      const expected = all
        .toSorted((a, b) => compare(a.amount, b.amount, way) || compare(a.key, b.key, 'asc'))
        .slice(0, limit)
        .map((group, i) => [group.key, group.amount, i + 1]);
      expect(await database.rows(plan, ctes, select)).toEqual(expected);
    },
  );
  await fc.assert(property, { numRuns: 40, seed: 1 });
});

test('nested splits: the first groups of each parent, with its path and in its order', async () => {
  // The second split has no limit and is sorted by its value; the third is limited in each of its groups.
  const group = fc.record({ parent: fc.constantFrom(1, 2), free: key, key, amount });
  const groups = fc.uniqueArray(group, { selector: (each) => `${each.parent} ${each.free} ${each.key}` });
  // With such a large second limit, the planner does not look for candidates first.
  const limits = fc.constantFrom(1, 2, 3, 2000);
  const property = fc.asyncProperty(groups, order, order, limits, async (all, freeOrder, way, limit) => {
    const plan = planOf({
      splits: [
        { field: 'protocol', limit: 2 },
        { field: 'srcport', limit: null, sort: { by: 'srcport', order: freeOrder } },
        { field: 'dstport', limit, sort: { by: 'flows', order: way } },
      ],
    });
    expect(plan.passes[1]).toEqual({ first: 1, last: 2 });
    await database.table(
      't0',
      ['parent', 'k1', 'x1', 'node'],
      [
        [0, 17, null, 1],
        [0, 6, null, 2],
      ],
    );
    await database.table(
      'm1',
      ['parent', 'k2', 'k3', 'm_flows_now'],
      all.map((each) => [each.parent, each.free, each.key, each.amount]),
    );
    const ctes = tablesOf(plan);
    const top = selectTopNodes(plan, ctes, { first: 1, last: 2 }, 1);
    const select = `SELECT k1, parent, k2, k3, m_flows_now, node FROM (${top}) ORDER BY node`;
    const ranked = all.toSorted(
      (a, b) =>
        a.parent - b.parent ||
        compare(a.free, b.free, freeOrder) ||
        compare(a.amount, b.amount, way) ||
        compare(a.key, b.key, 'asc'),
    );
    const shown = ranked.filter(
      (each, i) =>
        ranked.slice(0, i).filter(({ parent, free }) => parent === each.parent && free === each.free).length <
        limit,
    );
    expect(await database.rows(plan, ctes, select)).toEqual(
      shown.map((each, i) => [
        each.parent === 1 ? 17 : 6,
        each.parent,
        each.free,
        each.key,
        each.amount,
        i + 1,
      ]),
    );
  });
  await fc.assert(property, { numRuns: 60, seed: 2 });
});

test('limits the number of rows of an answer', async () => {
  const plan = { ...planOf({ splits: [{ field: 'dstport', limit: null }] }), maxRows: 3 };
  await database.table(
    'm0',
    ['parent', 'k1', 'm_flows_now'],
    [1, 2, 3, 4, 5].map((value) => [0, value, value]),
  );
  const ctes = tablesOf(plan);
  const select = `SELECT k1 FROM (${selectTopNodes(plan, ctes, { first: 0, last: 0 }, 0)}) ORDER BY node`;
  expect(await database.rows(plan, ctes, select)).toEqual([[5], [4], [3]]);
});
