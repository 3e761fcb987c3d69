import { judgeContext, type InvestigationContext } from '../context.ts';
import type { SearchResult } from '../search.ts';
import { count } from '../wording.ts';
import { collectSenders, withoutCopies } from './collect-senders.ts';
import { volumeFinding } from './volume-finding.ts';

/** Findings about machines that send far more to the outside than they and their peers do. */
export async function searchOutboundVolume(context: InvestigationContext): Promise<SearchResult> {
  if (!context.scope.columns.has('bytes')) return { findings: [], notes: [] };
  const { senders, machines, left, full } = await collectSenders(context);
  const origins = withoutCopies(senders, machines);
  const named = origins.flatMap((sender) => [sender, ...sender.passedOn]);
  const judged = await judgeContext(context, {
    addresses: [
      ...machines.map(({ src }) => src),
      ...named.map(({ src }) => src),
      ...origins.flatMap(({ destinations }) => destinations.map(({ dst }) => dst)),
    ],
    interfaces: [...machines, ...named].map((one) => one.interface),
  });
  const findings = origins.flatMap((sender) => volumeFinding(sender, machines, judged) ?? []);
  return {
    findings,
    notes: [
      ...(left === 0
        ? []
        : [
            `${count(left, 'more machine')} sent unusually much to the outside: only those that sent most were examined.`,
          ]),
      ...(full
        ? ['Only the machines with the busiest hours were examined for unusual outbound volume.']
        : []),
    ],
  };
}
