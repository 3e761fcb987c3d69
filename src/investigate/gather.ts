import {
  dropAll,
  flowsWithoutPorts,
  replySources,
  scannedAddresses,
  scannedPorts,
} from '../sql/investigate/attempts.ts';
import { addAcceptedPairs, createPairs } from '../sql/investigate/pairs.ts';
import {
  fieldsOfAnswers,
  fieldsOfTries,
  isInsideKey,
  type InvestigationScope,
} from '../sql/investigate/scope.ts';
import {
  MOST_PAIRS,
  MOST_SCANNERS,
  busyPairs,
  refusedReplies,
  scanningSources,
  triedAddresses,
} from '../sql/investigate/shortlists.ts';
import { dottedAddress } from '../sql/dialects/duckdb/duckdb-reveal.ts';
import {
  fieldsSeen,
  filledSlots,
  loggedHours,
  lostHours,
  textIdOfAddress,
  textsOf,
} from '../sql/investigate/surroundings.ts';
import { countChosen, type Before, type Counts, type Portless } from './counts.ts';
import { readPair, readReplies, readScanSource, type Replies } from './gathered.ts';
import { Hours } from './hours.ts';
import type { Knowledge } from './knowledge.ts';
import { readOwnAddresses } from './own-addresses.ts';
import type { RunStatement } from '../sql/run-statement.ts';
import { hoursToLookAt, wholeHours } from './whole-hours.ts';
import { rhythmOf, type ActiveHour, type Rhythm } from './rhythm.ts';
import { chosenOf, pickSuspects, type ScanSuspect, type Suspect } from './suspects.ts';

export interface CountedSuspect extends Suspect {
  readonly rhythm: Rhythm;
  readonly active: readonly ActiveHour[];
  /** Records that name no source port, and how many connections these are at least; null: all name one. */
  readonly portless: Portless | null;
  /** The last hour before it was first refused in which it was let in at the same door; null: none. */
  readonly letInUntil: number | null;
  /** Its rejected flows in the time before, of which only sums by the hour are left; null: none, or no such time. */
  readonly before: Before | null;
}

export interface CountedScan extends ScanSuspect {
  readonly rhythm: Rhythm;
  readonly active: readonly ActiveHour[];
  readonly portless: boolean;
  /** What it tried most. */
  readonly topPorts: readonly {
    readonly port: number;
    readonly protocol: number;
    readonly addresses: number;
  }[];
  /** The address of whose ports it tried most. */
  readonly topAddress: { readonly dst: number; readonly interface: number; readonly ports: number } | null;
}

export interface CountedReplies extends Replies {
  readonly group: number;
  readonly active: readonly ActiveHour[];
  readonly from: readonly {
    readonly src: number;
    readonly attempts: number;
    readonly first: number;
    readonly last: number;
  }[];
}

/** All that the store says, ready to be judged. */
export interface Gathered {
  readonly hours: Hours;
  readonly isOurs: (key: number) => boolean;
  readonly suspects: readonly CountedSuspect[];
  readonly scans: readonly CountedScan[];
  readonly replies: readonly CountedReplies[];
  /** How many of our addresses anybody tried. */
  readonly triedAddresses: number;
  /** Rejected flows that name no source port. */
  readonly portlessFlows: number;
  /** What no flow has: of what tries are known by, and of what answers are. */
  readonly unlogged: { readonly tries: readonly string[]; readonly answers: readonly string[] };
  /** What was so long that it was cut. */
  readonly full: { readonly pairs: boolean; readonly scanners: boolean; readonly replies: boolean };
  /** The text of an address key. */
  readonly address: (key: number) => string;
  /** The text of an interface's key; null where none was logged. */
  readonly interfaceId: (key: number) => string | null;
}

/**
 * Asks the store: one aggregation over the rejected flows of the range and two over small parts of the accepted ones
 * give pairs; only those with a rhythm, and scanners, are then counted connection by connection.
 */
export async function gather(
  scope: InvestigationScope,
  run: RunStatement,
  knowledge: Knowledge,
): Promise<Gathered> {
  const all = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await run(statement);
  };
  try {
    const hours = await readHours(scope, run);
    const own = await readOwnAddresses(scope, hours, knowledge, run);
    const isOurs = (key: number): boolean => isInsideKey(key) || own.has(key);
    await all(createPairs(scope));
    await all(addAcceptedPairs(scope, [...own]));
    const pairs = (await run(busyPairs())).map(readPair);
    const suspects = pickSuspects(pairs, isOurs);
    const scans = (await run(scanningSources())).map((row, index) => ({
      group: suspects.length + index + 1,
      scan: readScanSource(row),
    }));
    const refused = (await run(refusedReplies())).map(readReplies);
    const replies = refused
      .filter(({ dst }) => isOurs(dst))
      .map((reply, index) => ({ ...reply, group: suspects.length + scans.length + index + 1 }));
    const [tried] = await run(triedAddresses());
    const unlogged = await readUnlogged(scope, run);
    const [without] = await run(flowsWithoutPorts(scope));
    const chosen = [
      ...chosenOf(suspects, scans),
      ...replies.map(({ group, dst, interface: face }) => ({
        kind: 'replies' as const,
        group,
        dst,
        interface: face,
      })),
    ];
    const counts = await countChosen(scope, chosen, run);
    const countedSuspects = suspects.flatMap((suspect) => {
      const active = counts.active.get(suspect.group);
      if (active === undefined) return [];
      const face = suspect.pairs.map((pair) => pair.interface);
      return [
        {
          ...suspect,
          active,
          rhythm: rhythmOf(active, hours, face),
          portless: counts.portless.get(suspect.group) ?? null,
          letInUntil: counts.letInUntil.get(suspect.group) ?? null,
          before: counts.before.get(suspect.group) ?? null,
        },
      ];
    });
    const countedScans = await countScans(scans, counts, hours, run);
    const countedReplies = await countReplies(
      replies.map((reply) => ({ ...reply, active: counts.active.get(reply.group) ?? [] })),
      run,
    );
    const names = await readTexts(countedSuspects, countedScans, countedReplies, run);
    return {
      hours,
      isOurs,
      suspects: countedSuspects,
      scans: countedScans,
      replies: countedReplies,
      triedAddresses: Number(tried?.[0] ?? 0),
      unlogged,
      portlessFlows: Number(without?.[0] ?? 0),
      full: {
        pairs: pairs.length >= MOST_PAIRS,
        scanners: scans.length >= MOST_SCANNERS,
        replies: refused.length >= MOST_SCANNERS,
      },
      ...names,
    };
  } finally {
    await all(dropAll()).catch(() => undefined);
  }
}

async function readHours(scope: InvestigationScope, run: RunStatement): Promise<Hours> {
  const hours = (await run(loggedHours(scope))).map(([hour, records]) => ({
    hour: Number(hour),
    records: Number(records),
  }));
  const doubtful = hoursToLookAt(hours);
  const slots = doubtful.length === 0 ? [] : await run(filledSlots(scope, doubtful));
  const logged = wholeHours(
    hours.map(({ hour }) => hour),
    new Map(slots.map(([hour, bits]) => [Number(hour), Number(bits)])),
    scope,
  );
  const lost = new Map<number, Set<number>>();
  const statement = lostHours(scope);
  for (const [face, first, last] of statement === null ? [] : await run(statement)) {
    const set = lost.get(Number(face)) ?? new Set();
    for (let hour = Number(first); hour <= Number(last); hour++) set.add(hour);
    lost.set(Number(face), set);
  }
  return new Hours(scope, logged, lost);
}

async function readUnlogged(scope: InvestigationScope, run: RunStatement): Promise<Gathered['unlogged']> {
  const names = [...fieldsOfTries, ...fieldsOfAnswers];
  const [row] = await run(fieldsSeen(scope, names));
  const unlogged = new Set(names.filter((_, i) => row?.[i] !== true));
  return {
    tries: fieldsOfTries.filter((name) => unlogged.has(name)),
    answers: fieldsOfAnswers.filter((name) => unlogged.has(name)),
  };
}

async function countScans(
  scans: readonly ScanSuspect[],
  { active: activeHours, portless }: Counts,
  hours: Hours,
  run: RunStatement,
): Promise<readonly CountedScan[]> {
  if (scans.length === 0) return [];
  const sources = scans.map(({ scan }) => scan.src);
  const ports = (await run(scannedPorts(sources))).map((row) => row.map(Number));
  const addresses = (await run(scannedAddresses(sources))).map((row) => row.map(Number));
  return scans.flatMap((suspect) => {
    const active = activeHours.get(suspect.group);
    if (active === undefined) return [];
    const top = addresses.find(([src]) => src === suspect.scan.src);
    return [
      {
        ...suspect,
        active,
        rhythm: rhythmOf(active, hours, []),
        portless: portless.has(suspect.group),
        topPorts: ports
          .filter(([src]) => src === suspect.scan.src)
          .map(([, port = 0, protocol = 0, n = 0]) => ({ port, protocol, addresses: n })),
        topAddress:
          top === undefined ? null : { dst: top[1] ?? 0, interface: top[2] ?? 0, ports: top[3] ?? 0 },
      },
    ];
  });
}

async function countReplies(
  replies: readonly Omit<CountedReplies, 'from'>[],
  run: RunStatement,
): Promise<readonly CountedReplies[]> {
  if (replies.length === 0) return [];
  const rows = (await run(replySources(replies.map(({ group }) => group)))).map((row) => row.map(Number));
  return replies.map((reply) => ({
    ...reply,
    from: rows
      .filter(([group]) => group === reply.group)
      .map(([, src = 0, attempts = 0, first = 0, last = 0]) => ({ src, attempts, first, last })),
  }));
}

async function readTexts(
  suspects: readonly Suspect[],
  scans: readonly CountedScan[],
  replies: readonly CountedReplies[],
  run: RunStatement,
): Promise<Pick<Gathered, 'address' | 'interfaceId'>> {
  const addresses = [
    ...suspects.flatMap(({ pairs }) => pairs.flatMap(({ src, dst }) => [src, dst])),
    ...scans.flatMap(({ scan, topAddress }) => [scan.src, topAddress?.dst ?? 0]),
    ...replies.flatMap(({ dst, from }) => [dst, ...from.map(({ src }) => src)]),
  ];
  const faces = [
    ...suspects.flatMap(({ pairs }) => pairs.map((pair) => pair.interface)),
    ...scans.map(({ topAddress }) => topAddress?.interface ?? 0),
    ...replies.map((reply) => reply.interface),
  ];
  const ids = new Set([...faces, ...addresses.flatMap((key) => textIdOfAddress(key) ?? [])]);
  const texts = new Map<number, string>();
  const list = [...ids];
  for (let at = 0; at < list.length; at += 5000) {
    for (const [id, text] of await run(textsOf(list.slice(at, at + 5000))))
      texts.set(Number(id), String(text));
  }
  return {
    address: (key) => {
      const id = textIdOfAddress(key);
      return id === null ? dottedAddress(key) : (texts.get(id) ?? '?');
    },
    interfaceId: (key) => texts.get(key) ?? null,
  };
}
