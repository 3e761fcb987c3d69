import { lostPackets } from '../../sql/investigate/lost-packets-queries.ts';
import { readKey } from '../../sql/key.ts';
import { shellWord } from '../../model/shell-words.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import { bySource, byTarget } from '../evidence.ts';
import { queryJson } from '../query-json.ts';
import type { SearchResult } from '../search.ts';
import { count } from '../wording.ts';

/** Counters of transit gateways, and why they count a packet. */
const reasons: Readonly<Record<string, string>> = {
  packets_lost_no_route: 'since no route was found',
  packets_lost_blackhole: 'to a blackhole route',
  packets_lost_mtu_exceeded: 'since they were too large (MTU)',
  packets_lost_ttl_expired: 'since their time to live ran out, as in a loop of routes',
};

/** Packets that transit gateways lost: a note for each reason. It costs nothing where no input has logged them. */
export async function searchLostPackets(context: InvestigationContext): Promise<SearchResult> {
  const { scope, session } = context;
  const notes: string[] = [];
  for (const [field, why] of Object.entries(reasons).filter(([name]) => scope.columns.has(name))) {
    const [row] = await session.run(lostPackets(scope, field));
    if (row === undefined) continue;
    const [flows, packets, most] = [row[0], row[1], row[4]].map(Number);
    const ends = [row[2], row[3]].map(readKey);
    const { address } = await judgeContext(context, { addresses: ends, interfaces: [] });
    const [from, to] = ends.map(address);
    const query = queryJson(
      scope,
      [{ field, between: [1, null] }],
      [bySource, byTarget],
      ['flows', 'packets'],
    );
    notes.push(
      `Transit gateways lost ${count(packets ?? 0, 'packet')} of ${count(flows ?? 0, 'flow record')} ${why}, ${most === packets ? 'all' : (most ?? 0).toLocaleString('en-US')} of them from ${from} to ${to}. Which flows these are: peephole query ${shellWord(JSON.stringify(query))}`,
    );
  }
  return { findings: [], notes };
}
