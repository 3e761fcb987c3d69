import {
  flowsWithoutPorts,
  acceptedReplies,
  replySources,
  scannedAddresses,
  scannedPorts,
} from '../../sql/investigate/attempts-queries.ts';
import { createBinder } from '../../sql/binder.ts';
import { multicastIpv6 } from '../../sql/investigate/context-queries.ts';
import { createPairs, replyKinds } from '../../sql/investigate/pairs.ts';
import { fieldsOfAnswers, fieldsOfTries, isManyKey, type SqlScope } from '../../sql/investigate/scope.ts';
import {
  MOST_PAIRS,
  MOST_SCANNERS,
  acceptingInterfaces,
  anyAccepted,
  busyPairs,
  ownAddressCount,
  refusedReplies,
  scanningSources,
  triedAddresses,
} from '../../sql/investigate/candidate-queries.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import {
  countChosen,
  type Before,
  type Counts,
  type InAnswer,
  type LetIn,
  type Portless,
  type Served,
  type SourcePorts,
} from './counts.ts';
import { addAcceptedPairs } from './add-accepted-pairs.ts';
import { readPair, readReplies, readScanSource, type Replies } from './collected-rows.ts';
import type { InvestigationContext } from '../context.ts';
import { readFieldsSeen } from '../fields-seen.ts';
import { groupBy } from '../group-by.ts';
import type { HourCoverage } from '../hour-coverage.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import { type Key, readKey } from '../../sql/key.ts';
import { attemptTimes, type ActiveHour, type AttemptTimes } from '../attempt-times.ts';
import type { SessionShape } from './session-shape.ts';
import { reachableOf } from './reachable.ts';
import {
  chosenOf,
  insideScanners,
  isLogin,
  pickSuspects,
  type ScanSuspect,
  type Suspect,
} from './suspects.ts';

export interface CountedSuspect extends Suspect {
  readonly times: AttemptTimes;
  readonly active: readonly ActiveHour[];
  /** Records that name no source port, and how many connections these are at least; null: all name one. */
  readonly portless: Portless | null;
  /** Its source ports; null: they surely all differ, the protocol has none, or none was logged. */
  readonly ports: SourcePorts | null;
  /** Flows of it that were accepted at the same target; null: none. */
  readonly letIn: LetIn | null;
  /** Hours in which it was served at other ports of the same target, or by another protocol; null: never, or the logs can't tell. */
  readonly served: Served | null;
  /** How many of its attempts answer connections of its target to it; null: the target makes hardly any. */
  readonly inAnswer: InAnswer | null;
  /** Hours from its first attempt to its last in which its target answered somebody from that port, if the rules let it in. */
  readonly othersAnswered: number;
  /** Of sessions at a port for logging in. */
  readonly shape: SessionShape | null;
  /** The address that its packets were really sent to, where the interface has several. */
  readonly realTarget: Key | null;
  /** The address that all of its packets came from, where that is another one. */
  readonly realSource: Key | null;
  /** Its rejected flows in the time before, of which only sums by the hour are left; null: none, or no such time. */
  readonly before: Before | null;
}

export interface CountedScan extends ScanSuspect {
  readonly times: AttemptTimes;
  readonly active: readonly ActiveHour[];
  readonly portless: boolean;
  /** As of a suspect, if it tries one address alone; else null. */
  readonly served: Served | null;
  readonly inAnswer: InAnswer | null;
  /** The target that it tried most. */
  readonly topPorts: readonly {
    readonly port: number;
    readonly protocol: number;
    readonly addresses: number;
  }[];
  /** The address of whose ports it tried most. */
  readonly topAddress: { readonly dst: Key; readonly interface: Key; readonly ports: number } | null;
}

export interface CountedReplies extends Replies {
  readonly group: number;
  readonly active: readonly ActiveHour[];
  readonly from: readonly {
    readonly src: Key;
    readonly attempts: number;
    readonly first: number;
    readonly last: number;
  }[];
  /** Whether it is known that no flow from any of its senders was accepted at the same interface. */
  readonly noneAccepted: boolean;
}

/** The data of the store, for classification. */
export interface Collected {
  readonly suspects: readonly CountedSuspect[];
  readonly scans: readonly CountedScan[];
  readonly replies: readonly CountedReplies[];
  /** Machines inside that fail at so many addresses that they are scanners (`insideScanners`): none of it is a suspect's. */
  readonly insideScanners: readonly Key[];
  /** How many of our addresses a scan can reach (see `reachableOf`). */
  readonly reachable: number;
  /** Whether the logs have accepted flows: without any, requested and unrequested replies cannot be distinguished. */
  readonly anyAccepted: boolean;
  /** Interfaces with accepted flows, of those at which somebody is rejected again and again. */
  readonly accepting: ReadonlySet<Key>;
  /** Rejected flows that name no source port. */
  readonly portlessFlows: number;
  /** Missing fields: those needed for tries, and those needed for answers. */
  readonly unlogged: { readonly tries: readonly string[]; readonly answers: readonly string[] };
  /** Lists that were truncated. */
  readonly full: { readonly pairs: boolean; readonly scanners: boolean; readonly replies: boolean };
}

/** So many senders of rejected replies are looked at, of the most replies first. */
const MOST_SENDERS = 5000;

/**
 * Queries the store; its temporary tables stay, for `account`. One aggregation over the rejected flows of the range and two over small parts of the accepted ones
 * give pairs; only those that come often, and scanners, are then counted connection by connection.
 */
export async function collect({
  scope,
  session: { dialect, run },
  hours,
  own,
  isOurs,
}: InvestigationContext): Promise<Collected> {
  const binder = createBinder(dialect);
  const multicast = new Set(
    (await run(multicastIpv6(scope, binder), binder.values)).map(([key]) => readKey(key)),
  );
  const [accepted] = await run(anyAccepted(scope));
  const hasAccepted = Number(accepted?.[0] ?? 0) > 0;
  for (const statement of createPairs(scope, [...multicast], hasAccepted)) await run(statement);
  await addAcceptedPairs(scope, [...own], run);
  const pairs = (await run(busyPairs())).map(readPair);
  const suspects = pickSuspects(
    pairs,
    isOurs,
    (key) => isManyKey(key, dialect) || multicast.has(key),
    dialect,
  );
  const scans = (await run(scanningSources())).map((row, index) => ({
    group: suspects.length + index + 1,
    scan: readScanSource(row),
  }));
  const refused = (await run(refusedReplies(dialect))).map(readReplies);
  const replies = refused
    .filter(({ dst }) => isOurs(dst))
    .map((reply, index) => ({ ...reply, group: suspects.length + scans.length + index + 1 }));
  const accepting = hasAccepted ? await run(acceptingInterfaces(scope)) : [];
  const [tried] = await run(triedAddresses(scope, [...own]));
  const [seen] = await run(ownAddressCount(scope, [...own]));
  const unlogged = await readUnlogged(scope, run);
  const [without] = await run(flowsWithoutPorts(scope));
  const chosen = [
    ...chosenOf(suspects, scans),
    ...replies.map(({ group, dst, interface: face, reply }) => ({
      kind: 'replies' as const,
      group,
      dst,
      interface: face,
      reply,
    })),
  ];
  const logins = suspects.filter(isLogin);
  const counts = await countChosen(
    scope,
    chosen,
    logins.map(({ group }) => group),
    [
      ...suspects.flatMap(({ role, group }) => (role === 'outside' ? [group] : [])),
      ...scans.flatMap(({ scan, group }) => (scan.addresses === 1 && !isOurs(scan.src) ? [group] : [])),
    ],
    run,
  );
  const countedSuspects = suspects.flatMap((suspect) => {
    const active = counts.active.get(suspect.group);
    if (active === undefined) return [];
    const face = suspect.pairs.map((pair) => pair.interface);
    return [
      {
        ...suspect,
        active,
        times: attemptTimes(active, hours, face),
        portless: counts.portless.get(suspect.group) ?? null,
        ports: counts.ports.get(suspect.group) ?? null,
        letIn: counts.letIn.get(suspect.group) ?? null,
        served: counts.served.get(suspect.group) ?? null,
        inAnswer: counts.inAnswer.get(suspect.group) ?? null,
        othersAnswered: counts.othersAnswered.get(suspect.group) ?? 0,
        shape: counts.shapes.get(suspect.group) ?? null,
        realTarget: counts.realTargets.get(suspect.group) ?? null,
        realSource: counts.realSources.get(suspect.group) ?? null,
        before: counts.before.get(suspect.group) ?? null,
      },
    ];
  });
  const countedScans = await countScans(scans, counts, hours, dialect, run);
  const countedReplies = await countReplies(
    replies.map((reply) => ({ ...reply, active: counts.active.get(reply.group) ?? [] })),
    scope,
    run,
  );
  return {
    suspects: countedSuspects,
    scans: countedScans,
    replies: countedReplies,
    insideScanners: insideScanners(pairs, isOurs),
    reachable: reachableOf({ tried: numberOf(tried, 0), noisy: numberOf(tried, 1), pairs: numberOf(tried, 2), seen: numberOf(seen, 0) }), // prettier-ignore
    anyAccepted: hasAccepted,
    accepting: new Set(accepting.map(([face]) => readKey(face))),
    unlogged,
    portlessFlows: Number(without?.[0] ?? 0),
    full: {
      pairs: pairs.length >= MOST_PAIRS,
      scanners: scans.length >= MOST_SCANNERS,
      replies: refused.length >= MOST_SCANNERS,
    },
  };
}

function numberOf(row: readonly unknown[] | undefined, column: number): number {
  return Number(row?.[column] ?? 0);
}

async function readUnlogged(scope: SqlScope, run: RunStatement): Promise<Collected['unlogged']> {
  const names = [...fieldsOfTries, ...fieldsOfAnswers];
  const seen = await readFieldsSeen(scope, names, run);
  return {
    tries: fieldsOfTries.filter((name) => !seen.has(name)),
    answers: fieldsOfAnswers.filter((name) => !seen.has(name)),
  };
}

async function countScans(
  scans: readonly ScanSuspect[],
  { active: activeHours, portless, served, inAnswer }: Counts,
  hours: HourCoverage,
  dialect: Dialect,
  run: RunStatement,
): Promise<readonly CountedScan[]> {
  if (scans.length === 0) return [];
  const sources = scans.map(({ scan }) => scan.src);
  const ports = groupBy(await run(scannedPorts(sources, dialect)), ([src]) => readKey(src));
  const addresses = groupBy(await run(scannedAddresses(sources, dialect)), ([src]) => readKey(src));
  return scans.flatMap((suspect) => {
    const active = activeHours.get(suspect.group);
    if (active === undefined) return [];
    const [top] = addresses.get(suspect.scan.src) ?? [];
    return [
      {
        ...suspect,
        active,
        times: attemptTimes(active, hours, []),
        portless: portless.has(suspect.group),
        served: served.get(suspect.group) ?? null,
        inAnswer: inAnswer.get(suspect.group) ?? null,
        topPorts: (ports.get(suspect.scan.src) ?? []).map(([, port, protocol, n]) => ({
          port: Number(port),
          protocol: Number(protocol),
          addresses: Number(n),
        })),
        topAddress:
          top === undefined
            ? null
            : { dst: readKey(top[1]), interface: readKey(top[2]), ports: Number(top[3]) },
      },
    ];
  });
}

async function countReplies(
  replies: readonly Omit<CountedReplies, 'from' | 'noneAccepted'>[],
  scope: SqlScope,
  run: RunStatement,
): Promise<readonly CountedReplies[]> {
  if (replies.length === 0) return [];
  const rows = groupBy(await run(replySources(replies.map(({ group }) => group))), ([group]) =>
    Number(group),
  );
  const withSenders = replies.map((reply) => ({
    ...reply,
    from: (rows.get(reply.group) ?? []).map(([, src, attempts, first, last]) => ({
      src: readKey(src),
      attempts: Number(attempts),
      first: Number(first),
      last: Number(last),
    })),
  }));
  const none = await groupsWithoutAccepted(withSenders, scope, run);
  return withSenders.map((reply) => ({ ...reply, noneAccepted: none.has(reply.group) }));
}

/** Of replies that were asked for, and all of whose senders are listed: those of whose senders nothing was accepted. */
async function groupsWithoutAccepted(
  replies: readonly Omit<CountedReplies, 'noneAccepted'>[],
  scope: SqlScope,
  run: RunStatement,
): Promise<ReadonlySet<number>> {
  let left = MOST_SENDERS;
  const asked = replies
    .filter(({ reply, from, sources }) => reply === replyKinds.asked && from.length === sources)
    .toSorted((a, b) => b.records - a.records)
    .filter(({ from }) => (left -= from.length) >= 0);
  if (asked.length === 0) return new Set();
  const senders = asked.flatMap(({ group, interface: face, dst, from }) =>
    from.map(({ src }) => ({ group, interface: face, src, dst })),
  );
  const accepted = new Set((await run(acceptedReplies(scope, senders))).map(([group]) => Number(group)));
  return new Set(asked.flatMap(({ group }) => (accepted.has(group) ? [] : [group])));
}

/** The addresses and interfaces that findings about what was collected name. */
export function namedIn({ suspects, scans, insideScanners: silent, replies }: Collected): {
  readonly addresses: readonly Key[];
  readonly interfaces: readonly Key[];
} {
  const tops = scans.flatMap(({ topAddress }) => topAddress ?? []);
  return {
    addresses: [
      ...suspects.flatMap(({ pairs, realTarget, realSource }) => [
        ...pairs.flatMap(({ src, dst }) => [src, dst]),
        ...[realTarget, realSource].flatMap((key) => (key === null ? [] : [key])),
      ]),
      ...scans.map(({ scan }) => scan.src),
      ...silent,
      ...tops.map(({ dst }) => dst),
      ...replies.flatMap(({ dst, from }) => [dst, ...from.map(({ src }) => src)]),
    ],
    interfaces: [
      ...suspects.flatMap(({ pairs }) => pairs.map((pair) => pair.interface)),
      ...[...tops, ...replies].map((one) => one.interface),
    ],
  };
}
