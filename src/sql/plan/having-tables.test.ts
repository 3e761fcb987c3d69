import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NumberFlow, planOf, tablesOf, usePlanDatabase } from '../../../test/support/plan-database.ts';
import { addHidden, addSurvivors } from './having-tables.ts';
import { addPass } from './pass-tables.ts';

const database = usePlanDatabase();

const flow: fc.Arbitrary<NumberFlow> = fc.record({
  srcaddr: fc.integer({ min: 1, max: 5 }),
  dstport: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
  protocol: fc.integer({ min: 1, max: 3 }),
  bytes: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
});
const flows = fc.array(flow, { maxLength: 40 });

/** The flows by port and protocol, or by port alone. */
function groupsOf(all: readonly NumberFlow[], depth: 1 | 2): ReadonlyMap<string, readonly NumberFlow[]> {
  const groups = new Map<string, NumberFlow[]>();
  for (const each of all) {
    const key = [each.dstport, each.protocol].slice(0, depth).map(String).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

/** The sum of the values that are not null; null if there is none. */
function bytesOf(rows: readonly NumberFlow[]): number | null {
  const amounts = rows.flatMap(({ bytes }) => bytes ?? []);
  return amounts.length === 0 ? null : amounts.reduce((sum, each) => sum + each, 0);
}

const within = (value: number | null, low: number | null, high: number | null): boolean =>
  value !== null && (low === null || value >= low) && (high === null || value <= high);

const splits = [
  { field: 'dstport', limit: 3 },
  { field: 'protocol', limit: 2 },
];

describe('groups that satisfy the conditions on measures', () => {
  test.each([1, 2] as const)('of the first %s splits', async (depth) => {
    const property = fc.asyncProperty(flows, fc.nat(4), fc.nat(12), async (all, least, most) => {
      await database.flows(all);
      const plan = planOf({
        splits,
        measures: ['flows'],
        having: [
          { measure: 'flows', between: [least, null] },
          { measure: 'bytes', between: [null, most] },
        ],
        having_depth: depth,
      });
      const ctes = tablesOf(plan);
      addSurvivors(plan, ctes);
      const keys = ['k1', 'k2'].slice(0, depth).join(', ');
      const found = await database.rows(plan, ctes, `SELECT ${keys} FROM survivor`);
      const expected = [...groupsOf(all, depth)]
        .filter(([, rows]) => within(rows.length, least, null) && within(bytesOf(rows), null, most))
        .map(([key]) => key);
      expect(found.map((row) => row.map(String).join(' ')).toSorted()).toEqual(expected.toSorted());
    });
    await fc.assert(property, { numRuns: 25, seed: depth });
  });
});

describe('groups that the conditions hide', () => {
  // Counts of different sources can't be added up, so for them the rows of the hidden groups are read again.
  test.each([
    ['measures that add up', ['flows', 'bytes']],
    ['one that does not', ['flows', 'bytes', 'unique_sources']],
  ])('%s', async (_, measures) => {
    const property = fc.asyncProperty(flows, fc.nat(12), async (all, least) => {
      await database.flows(all);
      const plan = planOf({
        splits,
        measures,
        having: [{ measure: 'bytes', between: [least, null] }],
        hidden: true,
      });
      const ctes = tablesOf(plan);
      addSurvivors(plan, ctes);
      for (const index of plan.passes.keys()) addPass(plan, ctes, index);
      addHidden(plan, ctes);
      const amounts = measures.map((measure) => `m_${measure}_now`).join(', ');
      const hidden = [...groupsOf(all, 2).values()].filter((rows) => !within(bytesOf(rows), least, null));
      const rows = hidden.flat();
      const values = [rows.length, bytesOf(rows), new Set(rows.map(({ srcaddr }) => srcaddr)).size];
      const [found] = await database.rows(
        plan,
        ctes,
        `SELECT groups, coalesce(flows, 0), ${amounts} FROM hid`,
      );
      expect(found?.slice(0, 2)).toEqual([hidden.length, rows.length]);
      if (hidden.length > 0) expect(found?.slice(2)).toEqual(values.slice(0, measures.length));
    });
    await fc.assert(property, { numRuns: 25, seed: 5 });
  });
});
