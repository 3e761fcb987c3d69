import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { collectCrossings, MOST_LISTED } from './collect-crossings.ts';
import type { Crossings } from './crossing.ts';
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

    notes: notesOnZones(crossings, context),
  };
}

/** Which addresses of the inventory could not be used for zones. */
function notesOnZones(
  { zonesFrom }: Pick<Crossings, 'zonesFrom'>,
  { enrichment }: InvestigationContext,
): readonly string[] {
  const all = enrichment.ownAddresses();
  const unused = all.filter((address, place) => place >= MOST_LISTED || address.includes(':')).length;
  if (zonesFrom !== 'inventory' || unused === 0) return [];
  return [
    `Traffic between zones is counted for ${(all.length - unused).toLocaleString('en-US')} of the ${all.length.toLocaleString('en-US')} addresses of the inventory: only for IPv4, and for the first ${MOST_LISTED.toLocaleString('en-US')}. With the fields az-id and flow-direction it is known for all.`,
  ];
}
