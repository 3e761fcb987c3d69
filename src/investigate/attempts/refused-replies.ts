import { replyKinds } from '../../sql/investigate/pairs.ts';
import type { CountedReplies, CountedSuspect } from './collect.ts';
import { verdictOf } from './verdict.ts';

/**
 * What came back to a client that seems to get no answer, and was rejected on its way: the rules let its packets in, and
 * the replies not. Security groups let replies through by themselves, network ACLs do not.
 */
export function repliesTo(
  client: Pick<CountedSuspect, 'pairs'>,
  replies: readonly CountedReplies[],
): readonly CountedReplies[] {
  const [pair] = client.pairs;
  if (pair === undefined || verdictOf(client) !== 'unanswered') return [];
  return replies.filter(
    ({ dst, reply, protocol, sports, from }) =>
      dst === pair.src &&
      reply === replyKinds.asked &&
      protocol === pair.protocol &&
      sports.includes(pair.port) &&
      from.some(({ src }) => src === pair.dst),
  );
}

/** Whether these are replies of one machine from one port: those that a client of it got, and no others. */
export function areOfOne({ sources, sports }: CountedReplies): boolean {
  return sources === 1 && sports.length === 1;
}
