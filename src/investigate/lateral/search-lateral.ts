import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { collectReach } from './collect-reach.ts';
import { spreadFinding } from './spread-finding.ts';

/** Findings about internal machines that reach many others at ports used for lateral movement. */
export async function searchLateral(context: InvestigationContext): Promise<SearchResult> {
  if (!context.scope.columns.has('dstport')) return { findings: [], notes: [] };
  const { reachers, left } = await collectReach(context);
  const judged = await judgeContext(context, {
    addresses: reachers.flatMap(({ src, first, others }) => [
      src,
      ...first,
      ...others.map((other) => other.src),
    ]),
    interfaces: [],
  });
  return {
    findings: reachers.flatMap((reacher) => spreadFinding(reacher, judged) ?? []),
    notes:
      left === 0 ? [] : ['Only the machines that reach the most others inside were examined for spreading.'],
  };
}
