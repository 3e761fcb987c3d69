import {
  answersToSweeps,
  createSweepTargets,
  dropSweepTargets,
  MOST_SWEEPERS,
  MOST_SWEEPS,
  possiblePingSweeps,
  possibleSweepers,
  possibleSweeps,
  sharedSweeps,
  sweeps,
  sweptHours,
  type SweptPort,
} from '../../sql/investigate/outbound-sweeps-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { SqlScope } from '../../sql/investigate/scope.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import type { InvestigationContext } from '../context.ts';
import { groupBy } from '../group-by.ts';

/** A port outside at which a machine tried many addresses, most of which never sent anything back. */
interface Swept extends SweptPort {
  readonly addresses: number;
  /** Those from which something came back: from that port, where the logs have source ports. */
  readonly answered: number;
  readonly records: number;
}

/** A machine of ours and all that it swept outside, the widest first. Hours are counted from 1970. */
export interface Sweeper {
  readonly src: Key;
  readonly ports: readonly Swept[];
  readonly firstHour: number;
  readonly lastHour: number;
  /** Where several interfaces log the same, the one with most. */
  readonly interface: Key;
  readonly active: readonly { readonly hour: number; readonly records: number }[];
  /** All that logged it. */
  readonly interfaces: readonly Key[];
  /** Machines that tried the same addresses. */
  readonly same: ReadonlySet<Key>;
}

/** Two that share so many of the addresses tried by the one that tried fewer logged the same packets. */
const SAME_SHARE = 0.8;

/** Queries the store, by the rollup and the table `outbound_hour`. */
export async function collectSweeps({
  scope,
  session: { run },
  own: ownKeys,
}: InvestigationContext): Promise<{ readonly sweepers: readonly Sweeper[]; readonly full: boolean }> {
  const own = [...ownKeys];
  const { possible, full } = await readPossible(scope, run, own);
  if (possible.length === 0) return { sweepers: [], full };
  try {
    for (const statement of createSweepTargets(scope, own, possible)) await run(statement);
    const found = (await run(sweeps(scope, possible))).map(
      ([src, port, protocol, addresses, silent, records, first, last]) => ({
        src: readKey(src),
        port: Number(port),
        protocol: Number(protocol),
        addresses: Number(addresses),
        answered: Number(addresses) - Number(silent),
        records: Number(records),
        first: Number(first),
        last: Number(last),
      }),
    );
    if (found.length === 0) return { sweepers: [], full };
    const byMachine = groupBy(await withAnswers(found, scope, run), ({ src }) => src);
    const hours = groupBy(await run(sweptHours(scope, own, found)), ([src]) => readKey(src));
    const shared = byMachine.size < 2 ? [] : await run(sharedSweeps(scope, found));
    const sweepers = [...byMachine].map(([src, ports]) => ({
      src,
      ports,
      firstHour: Math.min(...ports.map(({ first }) => first)),
      lastHour: Math.max(...ports.map(({ last }) => last)),
      ...activeOf(hours.get(src) ?? []),
      same: new Set(
        shared.flatMap(([one, other, addresses]) => {
          if (readKey(one) !== src) return [];
          const theirs = byMachine.get(readKey(other)) ?? [];
          return Number(addresses) >= SAME_SHARE * Math.min(triedBy(ports), triedBy(theirs))
            ? [readKey(other)]
            : [];
        }),
      ),
    }));
    return { sweepers, full };
  } finally {
    await run(dropSweepTargets(scope)).catch(() => undefined);
  }
}

/** Machines and ports that are worth a closer look, and whether there may be more of them. */
async function readPossible(
  scope: SqlScope,
  run: RunStatement,
  own: readonly Key[],
): Promise<{ readonly possible: readonly SweptPort[]; readonly full: boolean }> {
  const possible: SweptPort[] = [];
  let full = false;
  for (const [tries, statement] of [
    ['ports', possibleSweeps],
    ['pings', possiblePingSweeps],
  ] as const) {
    const sources = (await run(possibleSweepers(tries))).map(([src]) => readKey(src));
    const rows = sources.length === 0 ? [] : await run(statement(scope, own, sources));
    for (const [src, port, protocol] of rows)
      possible.push({ src: readKey(src), port: Number(port), protocol: Number(protocol) });
    full ||= sources.length >= MOST_SWEEPERS || rows.length >= MOST_SWEEPS;
  }
  return { possible, full };
}

/** With those that sent something back from the port itself, as far as the logs tell. */
async function withAnswers<Found extends Swept>(
  found: readonly Found[],
  scope: SqlScope,
  run: RunStatement,
): Promise<readonly Found[]> {
  const statement = answersToSweeps(scope, found);
  if (statement === null) return found;
  const answers = new Map(
    (await run(statement)).map(([src, port, protocol, addresses]) => [
      `${readKey(src)} ${Number(port)} ${Number(protocol)}`,
      Number(addresses),
    ]),
  );
  return found.map((one) => ({
    ...one,
    answered: answers.get(`${one.src} ${one.port} ${one.protocol}`) ?? 0,
  }));
}

function triedBy(ports: readonly Pick<Swept, 'addresses'>[]): number {
  return ports.reduce((sum, { addresses }) => sum + addresses, 0);
}

function activeOf(
  rows: readonly (readonly unknown[])[],
): Pick<Sweeper, 'interface' | 'active' | 'interfaces'> {
  const faces = groupBy(rows, ([, face]) => readKey(face));
  const recordsOf = (all: readonly (readonly unknown[])[]): number =>
    all.reduce((sum, [, , , records]) => sum + Number(records), 0);
  const [[busiest, most] = [0, []]] = [...faces].toSorted(([, a], [, b]) => recordsOf(b) - recordsOf(a));
  return {
    interface: busiest,
    active: most.map(([, , hour, records]) => ({ hour: Number(hour), records: Number(records) })),
    interfaces: [...faces.keys()],
  };
}
