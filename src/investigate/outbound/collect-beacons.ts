import { gatewaysByPackets } from '../../sql/investigate/cost-queries.ts';
import { firstSentTo } from '../../sql/investigate/outbound-volume-queries.ts';
import {
  askedPairs,
  askingMachines,
  beaconPairs,
  beginGaps,
  beginsPerHour,
  createBeaconBegins,
  createBeaconPairs,
  dropBeacons,
  MOST_CANDIDATES,
  sentToEachOther,
} from '../../sql/investigate/outbound-beacons-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { InvestigationContext } from '../context.ts';
import { relays } from './relays.ts';
import { readTimer, type Timer } from './timer.ts';

/** A machine that begins connections to an address outside as if by a timer. Times are Unix seconds. */
export interface Beacon {
  readonly interface: Key;
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  /** How many machines of ours send to that address. */
  readonly machines: number;
  readonly timer: Timer;
  readonly connections: number;
  readonly first: number;
  readonly last: number;
  readonly active: readonly { readonly hour: number; readonly attempts: number }[];
  /** Connections of each whole known hour between the first and the last. */
  readonly counts: readonly number[];
  /** Standard deviation of the bytes of their first records over the mean; null: not logged. */
  readonly bytesVary: number | null;
  /** Their mean; null: not logged. */
  readonly meanBytes: number | null;
  /** How many destinations its machine asks about as often at that port, this one included. */
  readonly alike: number;
  /** The first hour in which any machine of ours sent something there. */
  readonly firstHour: number;
}

export interface CollectedBeacons {
  readonly beacons: readonly Beacon[];
  /** Machines that start connections to the outside. */
  readonly machines: number;
  /** Pairs of machines and outside destinations. */
  readonly pairs: readonly { readonly src: Key; readonly dst: Key }[];
  /** NAT gateways by what they log, or by what comes in. */
  readonly gateways: ReadonlySet<Key>;
  readonly full: boolean;
}

/** Queries the store: candidates from the rollup, then their single connections. */
export async function collectBeacons({
  scope,
  session: { run },
  hours,
  own: ownKeys,
}: InvestigationContext): Promise<CollectedBeacons> {
  const own = [...ownKeys];
  try {
    for (const statement of createBeaconPairs(scope, own)) await run(statement);
    const candidates = await run(beaconPairs());
    const none = { beacons: [], machines: 0, pairs: [], gateways: new Set<Key>(), full: false };
    if (candidates.length === 0) return none;
    await run(createBeaconBegins(scope));
    const byHour = new Map<number, Hour[]>();
    for (const [id, hour, count, first, last, bytes, squares, longest] of await run(beginsPerHour(scope))) {
      const list = byHour.get(Number(id)) ?? [];
      list.push({
        hour: Number(hour),
        attempts: Number(count),
        first: Number(first),
        last: Number(last),
        bytes: bytes === null ? null : Number(bytes),
        squares: Number(squares ?? 0),
        longest: Number(longest),
      });
      byHour.set(Number(id), list);
    }
    const gaps = new Map<number, Map<number, number>>();
    for (const [id, gap, times] of await run(beginGaps())) {
      const map = gaps.get(Number(id)) ?? new Map<number, number>();
      map.set(Number(gap), Number(times));
      gaps.set(Number(id), map);
    }
    const rates = candidates.map(([id, , src, dst, port]) => ({
      src: readKey(src),
      dst: readKey(dst),
      port: Number(port),
      connections: (byHour.get(Number(id)) ?? []).reduce((sum, { attempts }) => sum + attempts, 0),
    }));
    const timed = candidates.flatMap(([id, face, src, dst, port, protocol, machines]) => {
      const active = byHour.get(Number(id)) ?? [];
      const [first, last] = [active[0], active.at(-1)];
      if (first === undefined || last === undefined) return [];
      const seen = new Map(active.map(({ hour, attempts }) => [hour, attempts]));
      const counts: number[] = [];
      for (let hour = first.hour + 1; hour < last.hour; hour++)
        if (hours.isKnown(hour, [readKey(face)])) counts.push(seen.get(hour) ?? 0);
      const timer = readTimer(
        counts,
        gaps.get(Number(id)) ?? new Map(),
        active.some(({ longest }) => longest > 60) ? 600 : 60,
      );
      if (timer === null) return [];
      const connections = active.reduce((sum, { attempts }) => sum + attempts, 0);
      return [
        {
          interface: readKey(face),
          src: readKey(src),
          dst: readKey(dst),
          port: Number(port),
          protocol: Number(protocol),
          machines: Number(machines),
          timer,
          connections,
          first: first.first,
          last: last.last,
          active,
          counts,
          alike: alikeOf(rates, readKey(src), Number(port), connections),
          bytesVary: variation(active, connections),
          meanBytes: active.some(({ bytes }) => bytes === null)
            ? null
            : active.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / connections,
        },
      ];
    });
    if (timed.length === 0) return none;
    const sentSince = new Map<Key, number>(
      (await run(firstSentTo(scope, own, [...new Set(timed.map(({ dst }) => dst))]))).map(([dst, hour]) => [
        readKey(dst),
        Number(hour),
      ]),
    );
    const [machines] = await run(askingMachines());
    const pairs = await run(askedPairs());
    const gateways = scope.columns.has('pkt_dstaddr')
      ? (await run(gatewaysByPackets({ ...scope, own, logged: new Set() }))).map(([key]) => readKey(key))
      : [];
    const machinesTimed = [...new Set(timed.map(({ src }) => src))];
    const sent =
      machinesTimed.length < 2
        ? []
        : (await run(sentToEachOther(scope, machinesTimed, [...new Set(timed.map(({ port }) => port))]))).map(
            ([src, dst, port, protocol, records]) => ({
              src: readKey(src),
              dst: readKey(dst),
              port: Number(port),
              protocol: Number(protocol),
              records: Number(records),
            }),
          );
    return {
      beacons: timed.map((one) => ({ ...one, firstHour: sentSince.get(one.dst) ?? hours.first })),
      machines: Number(machines?.[0] ?? 0),
      pairs: pairs.map(([src, dst]) => ({ src: readKey(src), dst: readKey(dst) })),
      gateways: new Set([...gateways, ...relays(timed, sent)]),
      full: candidates.length >= MOST_CANDIDATES,
    };
  } finally {
    for (const statement of dropBeacons(scope)) await run(statement).catch(() => undefined);
  }
}

/** About as often: as many connections, give or take a quarter. */
const ALIKE = 0.25;

function alikeOf(
  rates: readonly {
    readonly src: Key;
    readonly dst: Key;
    readonly port: number;
    readonly connections: number;
  }[],
  src: Key,
  port: number,
  connections: number,
): number {
  const alike = rates.filter(
    (one) =>
      one.src === src && one.port === port && Math.abs(one.connections - connections) <= ALIKE * connections,
  );
  return new Set(alike.map(({ dst }) => dst)).size;
}

interface Hour {
  readonly hour: number;
  readonly attempts: number;
  readonly first: number;
  readonly last: number;
  readonly bytes: number | null;
  readonly squares: number;
  /** Seconds of the longest record that began a connection. */
  readonly longest: number;
}

function variation(active: readonly Hour[], connections: number): number | null {
  if (active.some(({ bytes }) => bytes === null)) return null;
  const mean = active.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / connections;
  const square = active.reduce((sum, { squares }) => sum + squares, 0) / connections;
  return mean === 0 ? null : Math.sqrt(Math.max(0, square - mean ** 2)) / mean;
}
