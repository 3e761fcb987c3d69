import { createRepliesOut, repliesOut } from '../../sql/investigate/replies-out-queries.ts';
import { readKey } from '../../sql/key.ts';
import { shellWord } from '../../model/shell-words.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import { bySource, byTarget, queryOf } from '../evidence.ts';
import { resolveTarget } from '../judge-context.ts';
import { count, portWords } from '../wording.ts';

/** So many servers are named. */
const MOST_NAMED = 3;

/**
 * Servers of ours whose replies to addresses outside are rejected as they leave: a note for each, the busiest first. Nothing
 * works for their clients, though the requests are accepted.
 */
export async function notesOnRepliesOut(context: InvestigationContext): Promise<readonly string[]> {
  const { scope, session, own } = context;
  if (!scope.columns.has('srcport')) return [];
  const ours = [...own];
  let candidates: readonly (readonly unknown[])[] = [];
  for (const statement of createRepliesOut(scope, ours)) candidates = await session.run(statement);
  if (Number(candidates[0]?.[0] ?? 0) === 0) return [];
  const servers = (await session.run(repliesOut(scope, ours))).map(
    ([face, src, port, protocol, rejected, peers, accepted]) => ({
      interface: readKey(face),
      dst: readKey(src),
      port: Number(port),
      protocol: Number(protocol),
      rejected: Number(rejected),
      peers: Number(peers),
      accepted: Number(accepted),
    }),
  );
  const named = servers.slice(0, MOST_NAMED);
  const words = await judgeContext(context, {
    addresses: named.map(({ dst }) => dst),
    interfaces: named.map((one) => one.interface),
  });
  return [
    ...named.map((server) => {
      const at = resolveTarget(server, scope.to - 1, words);
      const query = queryOf(
        scope,
        {
          action: 'REJECT',
          sources: [at.target.address],
          sourcePorts: [server.port],
          protocol: server.protocol,
          interfaceId: at.target.interface_id,
        },
        [bySource, byTarget],
        ['flows'],
      );
      return `${count(server.rejected, 'reply', 'replies')} from ${portWords(server.port, server.protocol, at.target.likely_service)} of ${at.words} to ${count(server.peers, 'address', 'addresses')} outside ${server.rejected === 1 ? 'was' : 'were'} rejected on the way out, of ${(server.rejected + server.accepted).toLocaleString('en-US')} (flow records): security groups let replies out, so most likely a network ACL of its subnet lacks the rule that does (ports 1024 to 65535). Which flows these are: peephole query ${shellWord(JSON.stringify(query))}`;
    }),
    ...(servers.length <= named.length
      ? []
      : [
          `Most replies to addresses outside were rejected on the way out at ${count(servers.length - named.length, 'more port', 'more ports')} of yours.`,
        ]),
  ];
}
