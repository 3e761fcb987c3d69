import type { ExplainRequest } from '../../model/explain/explanation.ts';
import { type CohortOptions, createCohorts, type ExplainScope } from '../../sql/explain/cohorts.ts';
import { createItems, dropExplainTables } from '../../sql/explain/combinations.ts';
import type { Dimension } from '../../sql/explain/dimensions.ts';
import { EPHEMERAL } from '../../sql/plan/usual-rollups.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Comparable } from './comparable-hours.ts';
import { sumOf } from './combination-counts.ts';
import type { Chosen } from './order-by-remainder.ts';
import { readMemberships } from './read-candidates.ts';
import type { CellOf } from './value-texts.ts';

/**
 * Combinations with a destination port that answers go to as well are counted again with these, as a query by their filter
 * counts them, and left out if they no longer differ, or if only sums by the hour are kept of a part of their flows.
 * @param differs whether amounts are still a difference in the same direction
 */
export async function countClientPorts(
  chosen: readonly Chosen[],
  differs: (one: Chosen) => boolean,
  of: {
    readonly request: ExplainRequest;
    readonly dimensions: readonly Dimension[];
    readonly scope: ExplainScope;
    readonly compared: Comparable;
    readonly changesOverTime: boolean;
    readonly cellOf: CellOf;
  },
  session: SqlSession,
): Promise<readonly Chosen[]> {
  const { dimensions, scope } = of;
  const place = dimensions.findIndex(({ field }) => field === 'dstport');
  // Refused flows are no answers.
  const isRefused = (one: Chosen): boolean =>
    one.values.some((value) => dimensions[value.dimension]?.field === 'action' && of.cellOf(value) === 'REJECT');
  const portOf = (one: Chosen): readonly Chosen['values'][number][] =>
    isRefused(one) ? [] : one.values.filter(({ dimension, key }) => dimension === place && Number(key) >= EPHEMERAL);
  const counted = chosen.filter((one) => portOf(one).length > 0);
  if (counted.length === 0) return chosen;
  if (![scope.range, scope.earlier ?? scope.range].every((range) => hasEveryFlow(range, scope.flowsFrom)))
    return chosen.filter((one) => !counted.includes(one));
  const { dialect, run } = session;
  const ports = [...new Set(counted.flatMap(portOf).map(({ key }) => key))];
  const options: CohortOptions = { slices: 0, reference: [], ports };
  for (const statement of dropExplainTables(dialect)) await run(statement);
  const sides = createCohorts(of.request, dimensions, scope, of.compared, options, dialect);
  await run(sides.sql, sides.params);
  const values = dimensions.map((_, i) => [
    ...new Set(counted.flatMap((one) => one.values.flatMap(({ dimension, key }) => (dimension === i ? [key] : [])))),
  ]);
  for (const statement of createItems(dimensions, values, of.changesOverTime, 0, dialect)) await run(statement);
  const memberships = await readMemberships(counted, 0, session);
  return chosen.flatMap((one) => {
    const at = counted.indexOf(one);
    if (at < 0) return [one];
    const again = { ...one, ...sumOf(memberships.filter(({ of: some }) => some.includes(at))) };
    return differs(again) ? [again] : [];
  });
} // prettier-ignore

/** Whether the flows of a range are kept one by one, from the second `flowsFrom` on. */
function hasEveryFlow(range: ResolvedRange | null, flowsFrom: number): boolean {
  return flowsFrom <= 0 || (range !== null && range.from >= flowsFrom * 1000);
}
