import {
  interfacesOfOthers,
  loggedEnds,
  sendingInterfaces,
} from '../../sql/investigate/candidate-queries.ts';
import { verdicts } from '../../sql/investigate/pairs.ts';
import { answeringPorts } from '../../sql/investigate/quiet-pairs.ts';
import { createBinder } from '../../sql/binder.ts';
import type { Key } from '../../sql/key.ts';
import { readKey } from '../../sql/key.ts';
import { fieldOf } from '../../sql/plan/condition.ts';
import type { InvestigationContext } from '../context.ts';
import { textsBehind } from '../key-texts.ts';
import type { CountedSuspect } from './collect.ts';

/** So many addresses of its network, and so large a share, have to be logged by an interface of their own. */
const LEAST_NEIGHBOURS = 4;
const LEAST_SHARE = 0.8;
const UDP = 17;

export interface WithoutCollectors {
  readonly suspects: readonly CountedSuspect[];
  /** For targets without a host: how many addresses of their network have a logged interface. */
  readonly neighbours: ReadonlyMap<Key, number>;
  /** How many targets were left out, since it is unknown whether they exist. */
  readonly left: number;
}

/**
 * Leaves out sources that send datagrams to a collector (syslog, sFlow, statsd), which never answers by design. Its silence
 * proves nothing; a missing host shows only if the other addresses of its network have logged interfaces of their own and it
 * has none.
 */
export async function withoutCollectors(
  suspects: readonly CountedSuspect[],
  { scope, session, own }: InvestigationContext,
): Promise<WithoutCollectors> {
  const doubtful = suspects.filter(isNeverAnswered);
  if (doubtful.length === 0) return { suspects, neighbours: new Map(), left: 0 };
  const ends = new Map(
    (await session.run(loggedEnds(scope, [...own]))).map(
      ([dst, count]) => [readKey(dst), Number(count)] as const,
    ),
  );
  const text = await textsBehind(fieldOf('srcaddr'), [...ends.keys()], session);
  const networks = new Map<string, Key[]>();
  for (const dst of ends.keys()) {
    const network = networkOf(text(dst) ?? '');
    networks.set(network, [...(networks.get(network) ?? []), dst]);
  }
  const places = doubtful.flatMap(({ pairs }) => pairs);
  const targets = new Set(doubtful.flatMap(({ pairs: [pair] }) => pair?.dst ?? []));
  const binder = createBinder(session.dialect);
  const sending = sendingInterfaces(scope, [...targets], binder);
  const ofSenders = new Set(
    [
      ...(await session.run(interfacesOfOthers(scope, places))),
      ...(sending === null ? [] : await session.run(sending, binder.values)),
    ].map(([face, dst]) => `${readKey(face)} ${readKey(dst)}`),
  );
  // An interface that logs nothing else may be the collector's own, unless its records say which way they went.
  const mayBeItsOwn = new Set(
    places.flatMap((one) => (ofSenders.has(`${one.interface} ${one.dst}`) ? [] : [one.dst])),
  );
  const neighbours = new Map<Key, number>();
  for (const dst of targets) {
    const others = (networks.get(networkOf(text(dst) ?? '')) ?? []).filter((one) => !targets.has(one));
    const logged = others.filter((one) => (ends.get(one) ?? 0) > 1).length;
    const isAlone = (ends.get(dst) ?? 0) <= 1 && !mayBeItsOwn.has(dst);
    if (isAlone && logged >= LEAST_NEIGHBOURS && logged >= LEAST_SHARE * others.length)
      neighbours.set(dst, logged);
  }
  return {
    suspects: suspects.filter(
      (one) => !isNeverAnswered(one) || one.pairs.some(({ dst }) => neighbours.has(dst)),
    ),
    neighbours,
    left: targets.size - neighbours.size,
  };
}

function isNeverAnswered({ pairs: [pair] }: CountedSuspect): boolean {
  return (
    pair?.protocol === UDP && pair.verdict === verdicts.unanswered && !answeringPorts.includes(pair.port)
  );
}

/** The network that an address is in, about as large as a VPC's: the first 16 bits of IPv4, the first 48 of IPv6. */
function networkOf(address: string): string {
  return address.includes(':')
    ? address.split(':').slice(0, 3).join(':')
    : address.split('.').slice(0, 2).join('.');
}
