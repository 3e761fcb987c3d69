import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NumberFlow, planOf, tablesOf, usePlanDatabase } from '../../../test/support/plan-database.ts';
import { addOther } from './other-table.ts';
import { addPass } from './pass-tables.ts';

const database = usePlanDatabase();

const flow: fc.Arbitrary<NumberFlow> = fc.record({
  srcaddr: fc.integer({ min: 1, max: 6 }),
  dstport: fc.integer({ min: 1, max: 6 }),
  protocol: fc.integer({ min: 1, max: 4 }),
  bytes: fc.integer({ min: 0, max: 9 }),
});

/** The values of a field, by their number of flows, largest first, then by value. */
function ranked(flows: readonly NumberFlow[], field: 'dstport' | 'protocol'): readonly number[] {
  const count = (value: number): number => flows.filter((each) => each[field] === value).length;
  return [...new Set(flows.map((each) => Number(each[field])))].toSorted(
    (a, b) => count(b) - count(a) || a - b,
  );
}

/** The number of groups beyond the limit and the measures of all their flows; null if there are none. */
function rest(
  flows: readonly NumberFlow[],
  field: 'dstport' | 'protocol',
  limit: number,
): readonly number[] | null {
  const cut = ranked(flows, field).slice(limit);
  const rows = flows.filter((each) => cut.includes(Number(each[field])));
  if (cut.length === 0) return null;
  const bytes = rows.reduce((sum, each) => sum + Number(each.bytes), 0);
  return [cut.length, rows.length, bytes, new Set(rows.map(({ srcaddr }) => srcaddr)).size];
}

// Counts of different sources can't be added up, so for them the rows of the cut groups are read again.
test.each([
  ['measures that add up', ['flows', 'bytes'], 2],
  ['one that does not', ['flows', 'bytes', 'unique_sources'], 3],
])('what limits cut, for the whole and for each parent: %s', async (_, measures, columns) => {
  const property = fc.asyncProperty(fc.array(flow, { maxLength: 40 }), async (flows) => {
    await database.flows(flows);
    const plan = planOf({
      splits: [
        { field: 'dstport', limit: 2 },
        { field: 'protocol', limit: 1 },
      ],
      measures,
      other: true,
    });
    const amounts = ['groups', ...measures.map((measure) => `m_${measure}_now`)].join(', ');
    const ctes = tablesOf(plan);
    for (const index of plan.passes.keys()) addPass(plan, ctes, index);
    for (const index of plan.passes.keys()) addOther(plan, ctes, index);
    const whole = rest(flows, 'dstport', 2);
    expect(await database.rows(plan, ctes, `SELECT ord, ${amounts} FROM r0`)).toEqual(
      whole === null ? [] : [[1, ...whole.slice(0, columns + 1)]],
    );
    const shown = ranked(flows, 'dstport').slice(0, 2);
    const expected = shown.flatMap((port, i) => {
      const cut = rest(
        flows.filter(({ dstport }) => dstport === port),
        'protocol',
        1,
      );
      // One protocol is shown for each parent, so both have the same position.
      return cut === null ? [] : [[port, i + 1, ...cut.slice(0, columns + 1)]];
    });
    expect(await database.rows(plan, ctes, `SELECT k1, ord, ${amounts} FROM r1 ORDER BY ord`)).toEqual(
      expected,
    );
  });
  await fc.assert(property, { numRuns: 25, seed: 4 });
});

test('a limit that cuts nothing leaves no row', async () => {
  await database.flows([{ dstport: 1 }, { dstport: 2 }]);
  const plan = planOf({ splits: [{ field: 'dstport', limit: 2 }], other: true });
  const ctes = tablesOf(plan);
  addPass(plan, ctes, 0);
  addOther(plan, ctes, 0);
  expect(await database.rows(plan, ctes, 'SELECT * FROM r0')).toEqual([]);
});
