import type { ExplainRequest, Explanation } from '../../model/explain/explanation.ts';
import { cohortTotals, dropExplainTables, dropItems, type Frequent } from '../../sql/explain/combinations.ts';
import { createCohorts, type ExplainScope, SLICES } from '../../sql/explain/cohorts.ts';
import { dimensionOf } from '../../sql/explain/dimensions.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import { type Choice, chooseCombinations, MIN_RATIO } from './choose-combinations.ts';
import { isOfTimes } from './compared-times.ts';
import { comparableHours } from './comparable-hours.ts';
import { massShare } from './combination-counts.ts';
import { countClientPorts } from './count-client-ports.ts';
import { dimensionNames } from './dimension-names.ts';
import { readCandidates } from './read-candidates.ts';
import { usualVariation } from './usual-variation.ts';
import { tellCombinations } from './tell-combinations.ts';

/**
 * What a smaller share of both sides has is left out. Where no difference is of what is `LARGE` a share of either side,
 * smaller ones are looked for.
 */
const SUPPORTS = [0.005, 0.001] as const;
const LARGE = 0.02;
/** Where times are compared, so many flows of what is nearly new are enough: where none is expected, they are no chance (`isSure`). */
const LEAST_NEW = 12;

/** The combinations of up to three dimensions' values that make the difference between two sides. */
export async function explain(
  request: ExplainRequest,
  scope: ExplainScope,
  session: SqlSession,
): Promise<
  Pick<Explanation, 'by' | 'totals' | 'dimensions' | 'combinations' | 'notes'> & { readonly source: string }
> {
  const { dialect, run } = session;
  const { names, plain } = dimensionNames(request, scope, dialect);
  const dimensions = names.map(dimensionOf);
  const changesOverTime = scope.enrichment?.changesOverTime ?? false;
  const drop = async (): Promise<void> => {
    for (const statement of dropExplainTables(dialect)) await run(statement);
  };
  try {
    const compared = await comparableHours(request, scope, session);
    const variation = await usualVariation(request, scope, compared.leftOut, session);
    const slices = variation.kind === null ? 0 : SLICES;
    const sides = createCohorts(
      request,
      dimensions,
      scope,
      compared,
      { slices, reference: variation.reference, ports: null },
      dialect,
    );
    await drop();
    await run(sides.sql, sides.params);
    const [row] = await run(cohortTotals());
    const totals = { selected: Number(row?.[0] ?? 0), rest: Number(row?.[1] ?? 0) };
    const supports = request.minSupport === null ? SUPPORTS : [request.minSupport];
    let { chosen, cellOf, differs }: Choice = { chosen: [], cellOf: () => null, differs: () => false };
    const leastNew =
      request.minSupport === null && request.by === 'flows' && isOfTimes(request) ? LEAST_NEW : null;
    for (const [at, support] of supports.entries()) {
      const least = (total: number): number => wholeAmount(Math.max(1, Math.ceil(support * total)));
      const bounds: Frequent = {
        least: { selected: least(totals.selected), rest: least(totals.rest) },
        leastNew,
        totals: { selected: wholeAmount(totals.selected), rest: wholeAmount(totals.rest) },
      };
      if (totals.selected + totals.rest === 0) break;
      if (at > 0) for (const statement of dropItems(dialect)) await run(statement);
      const candidates = await readCandidates(dimensions, bounds, plain, changesOverTime, slices, session);
      ({ chosen, cellOf, differs } = await chooseCombinations({ request, support, leastNew, totals, slices, variation }, candidates, { names, plain }, session)); // prettier-ignore
      if (
        chosen.some(
          (one) => massShare(one, totals) >= LARGE && Math.abs(one.difference.log) >= Math.log(MIN_RATIO),
        )
      )
        break;
    }
    const counted = await countClientPorts(chosen, differs, { request, dimensions, scope, compared, changesOverTime, cellOf }, session); // prettier-ignore
    return {
      by: request.by,
      totals,
      dimensions: names,
      combinations: tellCombinations(request, counted, totals, names, cellOf),
      notes: compared.notes,
      source: sides.source,
    };
  } finally {
    await drop().catch(() => undefined);
  }
}

/** An amount as a whole number that statements can hold. */
function wholeAmount(amount: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, amount);
}
