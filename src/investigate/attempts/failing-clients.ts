import type { HourCoverage } from '../hour-coverage.ts';
import { comesOnceADay } from './bursts.ts';
import { groupBy } from '../group-by.ts';
import type { EndOf, Logged } from '../interface-ends.ts';
import type { CountedSuspect } from './collect.ts';
import type { Pair } from './collected-rows.ts';
import { LEAST_ATTEMPTS } from './single-connections.ts';
import type { Key } from '../../sql/key.ts';
import { verdictOf } from './verdict.ts';

/** An internal client that fails at one target. */
export interface FailingClient {
  readonly suspect: CountedSuspect;
  /** Earlier hops of the same attempts: a load balancer, a node. */
  readonly hops: readonly CountedSuspect[];
  /** What a gateway with address translation made of them: the same attempts, from an address of its own. */
  readonly translated: readonly CountedSuspect[];
}

const LEAST_HOURS = 3;
const SHORT_RANGE_HOURS = 4;
/** Attempts within less time are one failure, not a client that keeps failing. */
const LEAST_SPAN = 600;
/** Hops of one connection begin and end within so many seconds, and differ by so large a share of their attempts. */
const HOP_SECONDS = 600;
const HOP_SHARE = 0.1;

/** Where several clients of one target are logged by one interface: the target's own, or that of a gateway on the way. */
export function loggedTogether(suspects: readonly CountedSuspect[]): readonly Logged[] {
  const pairs = suspects.flatMap(({ pairs: [pair] }) => pair ?? []);
  const placeOf = ({ interface: face, dst, port, protocol }: Pair): string =>
    `${face} ${dst} ${port} ${protocol}`;
  return [...groupBy(pairs, placeOf).values()].filter((together) => together.length > 1).flat();
}

/**
 * Internal clients whose attempts fail hour after hour; what both ends log, or several hops, is one.
 * @param endOf of those that `loggedTogether` names
 */
export function failingClients(
  suspects: readonly CountedSuspect[],
  hours: HourCoverage,
  endOf: EndOf = () => null,
): readonly FailingClient[] {
  const short = hours.loggedCount <= SHORT_RANGE_HOURS;
  const seen = new Map<string, CountedSuspect>();
  for (const suspect of suspects) {
    const { attempts, first, last } = suspect.times;
    if (attempts < LEAST_ATTEMPTS || last - first < LEAST_SPAN) continue;
    if (suspect.active.length < LEAST_HOURS && !short) continue;
    const [pair] = suspect.pairs;
    const key = `${pair?.src} ${pair?.dst} ${pair?.port} ${pair?.protocol}`;
    const other = seen.get(key);
    if (other === undefined || rank(suspect) > rank(other)) seen.set(key, suspect);
  }
  return withoutHops(withoutTranslated([...seen.values()], suspects, endOf));
}

/** Whether it fails in a burst a day where others are answered: at a service that restarts, not by a mistake of its own. */
export function failsAtRestarts({ suspect }: FailingClient): boolean {
  return suspect.othersAnswered > 0 && verdictOf(suspect) !== 'rejected' && comesOnceADay(suspect.active);
}

/** If both ends log the same attempt, the end that rejected it is more informative. */
function rank(suspect: CountedSuspect): number {
  const verdict = verdictOf(suspect);
  return (verdict === 'rejected' ? 2e12 : verdict === 'refused' ? 1e12 : 0) + suspect.times.attempts;
}

type Direct = Pick<FailingClient, 'suspect' | 'translated'>;

/**
 * A NAT gateway repeats the attempts of the machines behind it under its own address, and its interface logs theirs too: to the
 * same target, or (as AWS does without pkt-dstaddr) to itself. It is no client of its own if theirs together are as many.
 */
function withoutTranslated(
  clients: readonly CountedSuspect[],
  all: readonly CountedSuspect[],
  endOf: EndOf,
): readonly Direct[] {
  const translated = new Map<CountedSuspect, readonly CountedSuspect[]>();
  for (const gateway of clients) {
    const [first, ...others] = clientsBehind(gateway, clients, all, endOf);
    if (first === undefined) continue;
    const sources = new Set([first, ...others].map(sourceOf));
    const arriving = clients.filter((one) => sources.has(sourceOf(one)) && arrivesAt(one, gateway));
    // Each belongs to one finding.
    translated.set(first, [...(translated.get(first) ?? []), ...arriving, gateway]);
  }
  const passed = new Set([...translated.values()].flat());
  return clients
    .filter((one) => !passed.has(one))
    .map((suspect) => ({ suspect, translated: translated.get(suspect) ?? [] }));
}

/** Whose attempts a gateway repeats, or none: then they are its own. */
function clientsBehind(
  gateway: CountedSuspect,
  clients: readonly CountedSuspect[],
  all: readonly CountedSuspect[],
  endOf: EndOf,
): readonly CountedSuspect[] {
  const [out] = gateway.pairs;
  const hasTarget = ({ pairs: [pair] }: CountedSuspect): boolean =>
    pair?.dst === out?.dst && pair?.port === out?.port && pair?.protocol === out?.protocol;
  // All who try the same target are logged by the target's own interface too.
  const isAtTarget = out !== undefined && endOf(out) === 'target';
  const passing = new Set(
    all
      .filter(
        (one) =>
          arrivesAt(one, gateway) ||
          (!isAtTarget && hasTarget(one) && one.pairs[0]?.interface === out?.interface),
      )
      .map(sourceOf),
  );
  const some = clients.filter(
    (one) => hasTarget(one) && sourceOf(one) !== out?.src && passing.has(sourceOf(one)),
  );
  const attempts = some.reduce((sum, { times }) => sum + times.attempts, 0);
  return Math.abs(attempts - gateway.times.attempts) <= HOP_SHARE * gateway.times.attempts ? some : [];
}

/** Whether somebody tries the port that a gateway tries outside at the gateway itself. */
function arrivesAt({ pairs: [pair] }: CountedSuspect, { pairs: [out] }: CountedSuspect): boolean {
  return (
    pair !== undefined && pair.dst === out?.src && pair.port === out.port && pair.protocol === out.protocol
  );
}

function sourceOf({ pairs: [pair] }: CountedSuspect): Key | undefined {
  return pair?.src;
}

/** Whether what arrives at the second one's client is what the first one sends: it passes it on. */
function isHopBefore(first: CountedSuspect, second: CountedSuspect): boolean {
  const [from] = first.pairs;
  const [to] = second.pairs;
  if (first === second || from === undefined || to === undefined || from.dst !== to.src) return false;
  if (from.protocol !== to.protocol) return false;
  const [a, b] = [first.times, second.times];
  return (
    Math.abs(a.first - b.first) <= HOP_SECONDS &&
    Math.abs(a.last - b.last) <= HOP_SECONDS &&
    Math.abs(a.attempts - b.attempts) <= HOP_SHARE * Math.max(a.attempts, b.attempts)
  );
}

/** The last hop of each chain says where the attempts end; those before belong to it. */
function withoutHops(direct: readonly Direct[]): readonly FailingClient[] {
  const clients = direct.map(({ suspect }) => suspect);
  const before = (last: CountedSuspect, passed: readonly CountedSuspect[]): readonly CountedSuspect[] => {
    const hop = clients.find((one) => !passed.includes(one) && isHopBefore(one, last));
    return hop === undefined ? passed : before(hop, [...passed, hop]);
  };
  return direct
    .filter(
      ({ suspect: one }) => !clients.some((other) => isHopBefore(one, other) && !isHopBefore(other, one)),
    )
    .map((one) => ({ ...one, hops: before(one.suspect, []) }));
}
