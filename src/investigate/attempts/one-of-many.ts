import { answeredPeers } from '../../sql/investigate/candidate-queries.ts';
import { verdicts } from '../../sql/investigate/pairs.ts';
import type { Key } from '../../sql/key.ts';
import { readKey } from '../../sql/key.ts';
import type { InvestigationContext } from '../context.ts';
import type { CountedSuspect } from './collect.ts';

/** Ports at which a machine contacts servers that others choose: the name servers of a domain, the mail servers of a recipient. */
const portsOfMany: readonly number[] = [25, 53];
/** At least so many others must answer, and at most this share must not. */
const LEAST_ANSWERED = 10;
const MOST_DEAD = 0.25;

export interface WithoutDeadPeers {
  readonly suspects: readonly CountedSuspect[];
  /** How many of our machines contact many servers, some of which do not answer. */
  readonly left: number;
}

/** Leaves out failed connections of a resolver or a mail server if many others succeed: the remote servers are down, not the client. */
export async function withoutDeadPeers(
  suspects: readonly CountedSuspect[],
  { scope, session, isOurs }: InvestigationContext,
): Promise<WithoutDeadPeers> {
  const isDoubtful = ({ pairs: [pair] }: CountedSuspect): boolean =>
    pair !== undefined &&
    !isOurs(pair.dst) &&
    portsOfMany.includes(pair.port) &&
    pair.verdict !== verdicts.rejected;
  const doubtful = suspects.filter(isDoubtful);
  if (doubtful.length === 0) return { suspects, left: 0 };
  const placeOf = (src: Key, port: number): string => `${port} ${src}`;
  const inVain = new Map<string, Set<Key>>();
  for (const { pairs } of doubtful)
    for (const { src, dst, port } of pairs) {
      const place = placeOf(src, port);
      inVain.set(place, (inVain.get(place) ?? new Set()).add(dst));
    }
  const sources = [...new Set(doubtful.flatMap(({ pairs }) => pairs.map(({ src }) => src)))];
  const ofMany = new Set(
    (await session.run(answeredPeers(scope, sources, portsOfMany))).flatMap(([src, port, count]) => {
      const place = placeOf(readKey(src), Number(port));
      const dead = inVain.get(place)?.size ?? 0;
      return Number(count) >= LEAST_ANSWERED && dead <= MOST_DEAD * Number(count) ? [place] : [];
    }),
  );
  const isOne = (one: CountedSuspect): boolean =>
    isDoubtful(one) && one.pairs.every(({ src, port }) => ofMany.has(placeOf(src, port)));
  return {
    suspects: suspects.filter((one) => !isOne(one)),
    left: new Set(suspects.filter(isOne).map(({ pairs }) => pairs[0]?.src)).size,
  };
}
