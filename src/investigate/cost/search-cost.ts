import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { collectCrossings } from './collect-crossings.ts';
import { costFinding, isWorthFinding } from './cost-finding.ts';

/** Findings about what traffic costs: one for each kind of crossing that is worth it. */
export async function searchCost(context: InvestigationContext): Promise<SearchResult> {
  if (!context.scope.columns.has('bytes')) return { findings: [], notes: [] };
  const { prices } = context.settings;
  const crossings = await collectCrossings(context, (crossing, allBytes, region) =>
    isWorthFinding(crossing, { allBytes, region }, prices, context.hours),
  );
  const pairs = crossings.crossings.flatMap((crossing) => crossing.pairs);
  const judged = await judgeContext(context, {
    addresses: [
      ...pairs.flatMap(({ src, dst }) => [src, ...(dst === null ? [] : [dst])]),
      ...crossings.gateways,
    ],
    interfaces: [],
  });
  return {
    findings: crossings.crossings.map((crossing) => costFinding(crossing, crossings, prices, judged)),

    notes: [],
  };
}
