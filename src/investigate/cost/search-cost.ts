import { judgeContext, type InvestigationContext } from '../context.ts';
import type { Investigation } from '../search.ts';
import { collectCrossings } from './collect-crossings.ts';
import { costFinding } from './cost-finding.ts';

/** Findings about what traffic costs: one for each kind of crossing that is worth it. */
export async function searchCost(context: InvestigationContext): Promise<Investigation> {
  if (!context.scope.columns.has('bytes')) return { findings: [], looked: false, notes: [] };
  const crossings = await collectCrossings(context);
  const pairs = crossings.crossings.flatMap((crossing) => crossing.pairs);
  const judged = await judgeContext(context, {
    addresses: [
      ...pairs.flatMap(({ src, dst }) => [src, ...(dst === null ? [] : [dst])]),
      ...crossings.gateways,
    ],
    interfaces: [],
  });
  return {
    findings: crossings.crossings.flatMap(
      (crossing) => costFinding(crossing, crossings, context.settings.prices, judged) ?? [],
    ),
    looked: true,
    notes: [],
  };
}
