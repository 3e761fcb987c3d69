import type { AcceptedPair, Chosen } from '../../sql/investigate/attempts-tables.ts';
import { loginPorts, replyKinds, verdicts } from '../../sql/investigate/pairs.ts';
import { mayBeBroadcastKey } from '../../sql/investigate/scope.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import type { Key } from '../../sql/key.ts';
import type { Pair, ScanSource } from './collected-rows.ts';

/** A source and a target whose connections are counted one by one. The pairs of a suspect differ in their verdict alone. */
export interface Suspect {
  /** `login`, `inside_login`: let in at a port for logging in. */
  readonly role: 'outside' | 'inside' | 'login' | 'inside_login';
  readonly group: number;
  readonly pairs: readonly Pair[];
}

/** A scanner is counted over all that it tried. */
export interface ScanSuspect {
  readonly group: number;
  readonly scan: ScanSource;
}

/** A source with many attempts at more targets than this is a scanner, unless at least this share of its attempts is at one target. */
const MOST_TARGETS = 64;
const MAIN_SHARE = 0.5;
const UDP = 17;
/** An internal client that fails again and again at more addresses than this is scanning; if most of them were tried once or twice, it is not where it fails at no more than so few of one port. */
const MOST_INSIDE_ADDRESSES = 12;
const FEW_OF_A_PORT = 3;

/**
 * Groups busy pairs into suspects. Replies are not attempts; sources that try many targets are left to the scans.
 * @param isOurs whether an address key is one of ours
 * @param isOfMany whether it is of no machine: multicast or broadcast
 */
export function pickSuspects(
  pairs: readonly Pair[],
  isOurs: (key: Key) => boolean,
  isOfMany: (key: Key) => boolean,
  dialect: Dialect,
): readonly Suspect[] {
  const breadth = quietBreadth(pairs);
  const groups = new Map<string, { role: Suspect['role']; pairs: Pair[] }>();
  for (const pair of pairs) {
    const role = isOfMany(pair.dst) ? null : roleOf(pair, isOurs, breadth, dialect);
    if (role === null) continue;
    const key = [role, pair.interface, pair.src, pair.dst, pair.port, pair.protocol].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { role, pairs: [pair] });
    else group.pairs.push(pair);
  }
  return [...groups.values()].map((group, index) => ({ ...group, group: index + 1 }));
}

export function chosenOf(suspects: readonly Suspect[], scans: readonly ScanSuspect[]): readonly Chosen[] {
  return [
    ...suspects.flatMap(({ group, pairs }) =>
      pairs.map((pair) => ({
        kind: 'pair' as const,
        group,
        id: pair.id,
        accepted: pair.verdict === verdicts.rejected ? null : acceptedPair(pair),
      })),
    ),
    ...scans.map(({ group, scan }) => ({ kind: 'source' as const, group, src: scan.src })),
  ];
}

/** Of those who may never have been answered, the hours in which they were not tell nothing of others. */
function acceptedPair({ verdict, src, dst, port, first, last }: Pair): AcceptedPair {
  const hours = [Math.floor(first / 3600), Math.floor(last / 3600)] as const;
  return { src, dst, port, hours: verdict === verdicts.login ? hours : null };
}

function roleOf(
  pair: Pair,
  isOurs: (key: Key) => boolean,
  breadth: ReadonlyMap<Key, number>,
  dialect: Dialect,
): Suspect['role'] | null {
  const inside = isOurs(pair.src);
  if (pair.verdict === verdicts.login) return inside ? 'inside_login' : 'login';
  if (pair.reply !== replyKinds.none) return null;
  if (
    pair.protocol === UDP &&
    (inside || pair.verdict === verdicts.unanswered) &&
    mayBeBroadcastKey(pair.dst, dialect)
  )
    return null;
  const silent = breadth.get(pair.src) ?? 1;
  if (inside) {
    if (Math.max(pair.busy, silent) > MOST_INSIDE_ADDRESSES) return null;
    return pair.addresses <= MOST_INSIDE_ADDRESSES || pair.samePort <= FEW_OF_A_PORT ? 'inside' : null;
  }
  const narrow = Math.max(pair.busy, silent) <= MOST_TARGETS;
  const mainly = pair.verdict === verdicts.rejected && pair.records >= MAIN_SHARE * pair.total;
  return narrow || mainly ? 'outside' : null;
}

/** Whether silence means something: many programs send datagrams that nobody answers. Unknown protocols are taken for TCP. */
export function isConnecting(protocol: number): boolean {
  return protocol === 6 || protocol < 0;
}

/**
 * Machines inside that are refused or never answered again and again at more addresses inside than a client would be: what
 * they try is no suspect's.
 */
export function insideScanners(pairs: readonly Pair[], isOurs: (key: Key) => boolean): readonly Key[] {
  const inside = pairs.filter(
    ({ src, dst, protocol }) => isConnecting(protocol) && isOurs(src) && isOurs(dst),
  );
  return [...quietBreadth(inside)].filter(([, size]) => size > MOST_INSIDE_ADDRESSES).map(([src]) => src);
}

/** How many addresses a source tried without any answer. */
function quietBreadth(pairs: readonly Pair[]): ReadonlyMap<Key, number> {
  const seen = new Map<Key, Set<Key>>();
  for (const pair of pairs) {
    if (pair.verdict !== verdicts.unanswered && pair.verdict !== verdicts.refused) continue;
    const targets = seen.get(pair.src) ?? new Set();
    seen.set(pair.src, targets.add(pair.dst));
  }
  return new Map([...seen].map(([src, targets]) => [src, targets.size]));
}

/** Whether a rule let it in at a port for logging in, and somebody answered. */
export function isLogin({ role }: Pick<Suspect, 'role'>): boolean {
  return role === 'login' || role === 'inside_login';
}

export function isLoginPort(port: number): boolean {
  return loginPorts.includes(port);
}
