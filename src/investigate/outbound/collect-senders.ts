import {
  allSenders,
  copiesInHours,
  destinationsInHours,
  firstSentTo,
  highSenders,
  hoursOfSenders,
  MOST_SENDERS,
  peersInHours,
  receivedInHours,
  type Sender,
} from '../../sql/investigate/outbound-volume-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { InvestigationContext } from '../context.ts';
import { type UnusualHours, unusualHours } from './unusual-hours.ts';

/** A machine that sent far more than usual to the outside in some hours. Hours are counted from 1970. */
export interface UnusualSender extends Sender {
  /** All that it sent in the range, by hour. */
  readonly sent: ReadonlyMap<number, number>;
  readonly total: number;
  readonly unusual: UnusualHours;
  /** Flow records of the unusual hours. */
  readonly records: number;
  /** The busiest, in the unusual hours. `port`: -1 for a high one, or none. */
  readonly destinations: readonly Destination[];
  /** How many addresses it sent to in these hours, those that are not listed included. */
  readonly addresses: number;
  /** What others sent in the same hours. */
  readonly peers: readonly Machine[];
  /** What others, or it at other interfaces, sent to the same destinations in the same hours. */
  readonly copies: readonly Machine[];
  /** What it received from inside in these hours. */
  readonly received: number;
}

export interface Destination {
  readonly dst: Key;
  readonly port: number;
  readonly bytes: number;
  /** The first hour in which any machine of ours sent something there. */
  readonly firstHour: number;
}

export interface Machine {
  readonly interface: Key;
  readonly src: Key;
  readonly bytes: number;
}

export interface CollectedSenders {
  readonly senders: readonly UnusualSender[];
  /** Every machine that sent anything outside. */
  readonly machines: readonly Machine[];
  /** How many more were unusual than could be looked at. */
  readonly left: number;
  readonly full: boolean;
}

/** So many are looked at closely: those that sent most in unusual hours. */
const MOST_UNUSUAL = 40;
/** Who sends at least this share of a machine's bytes to the same destinations in the same hours logs the same bytes. */
const COPIED = 0.8;
/** By so many of its busiest destinations. */
const MOST_COMPARED = 20;

/** Queries the store, from the rollup and the table `outbound_hour`. */
export async function collectSenders(context: InvestigationContext): Promise<CollectedSenders> {
  const { scope, session, hours } = context;
  const { run } = session;
  const own = [...context.own];
  const known = (interfaces: readonly Key[]): readonly number[] =>
    Array.from({ length: hours.count }, (_, place) => hours.first + place).filter((hour) =>
      hours.isKnown(hour, interfaces),
    );
  const high = (await run(highSenders(known([]).length))).map(
    ([face, src, toHighPorts, total], index): Sender & { readonly total: number } => ({
      id: index + 1,
      interface: readKey(face),
      src: readKey(src),
      toHighPorts: Number(toHighPorts) === 1,
      total: Number(total),
    }),
  );
  if (high.length === 0) return { senders: [], machines: [], left: 0, full: false };
  const sent = new Map<number, Map<number, number>>();
  const records = new Map<number, Map<number, number>>();
  for (const [id, hour, bytes, flows] of await run(hoursOfSenders(scope, high))) {
    mapAt(sent, Number(id)).set(Number(hour), Number(bytes));
    mapAt(records, Number(id)).set(Number(hour), Number(flows));
  }
  const all = high
    .flatMap((sender) => {
      const bytes = mapAt(sent, sender.id);
      const unusual = unusualHours(bytes, known([sender.interface]));
      if (unusual === null) return [];
      const flows = unusual.hours.reduce((sum, hour) => sum + (mapAt(records, sender.id).get(hour) ?? 0), 0);
      return [{ ...sender, sent: bytes, unusual, records: flows, hours: unusual.hours }];
    })
    .toSorted((a, b) => b.unusual.bytes - a.unusual.bytes || a.id - b.id);
  const chosen = all.slice(0, MOST_UNUSUAL);
  if (chosen.length === 0) return { senders: [], machines: [], left: 0, full: high.length >= MOST_SENDERS };
  const to = (await run(destinationsInHours(scope, own, chosen))).map(
    ([id, dst, port, bytes, addresses]) => ({
      id: Number(id),
      dst: readKey(dst),
      port: Number(port),
      bytes: Number(bytes),
      addresses: Number(addresses),
    }),
  );
  const first = new Map<Key, number>(
    (await run(firstSentTo(scope, own, [...new Set(to.map(({ dst }) => dst))]))).map(([dst, hour]) => [
      readKey(dst),
      Number(hour),
    ]),
  );
  const destinationsOf = (id: number): readonly Destination[] =>
    to
      .filter((one) => one.id === id)
      .map(({ dst, port, bytes }) => ({ dst, port, bytes, firstHour: first.get(dst) ?? 0 }));
  const others = (rows: readonly (readonly unknown[])[], id: number): readonly Machine[] =>
    rows.filter(([of]) => Number(of) === id).map(([, ...row]) => readMachine(row));
  const copies = await run(
    copiesInHours(
      scope,
      own,
      chosen.map((sender) => ({
        ...sender,
        destinations: destinationsOf(sender.id)
          .slice(0, MOST_COMPARED)
          .map(({ dst }) => dst),
      })),
    ),
  );
  const received = new Map<number, number>();
  for (const [id, , bytes] of await run(receivedInHours(scope, own, chosen)))
    received.set(Number(id), Math.max(received.get(Number(id)) ?? 0, Number(bytes)));
  const peers = await run(peersInHours(scope, chosen));
  const machines = (await run(allSenders())).map(readMachine);
  return {
    senders: chosen.map((sender) => ({
      ...sender,
      destinations: destinationsOf(sender.id),
      addresses: to.find(({ id }) => id === sender.id)?.addresses ?? 0,
      peers: others(peers, sender.id),
      copies: others(copies, sender.id),
      received: received.get(sender.id) ?? 0,
    })),
    machines,
    left: all.length - chosen.length,
    full: high.length >= MOST_SENDERS,
  };
}

/**
 * Leaves out senders that only forward traffic: a NAT gateway, or a firewall's interface, logs the bytes of the machines
 * behind it again. It sends as much as they do to the same destinations and receives it from inside, or it is the
 * machine's own address at another interface. `passedOn` says by whom a sender's bytes were.
 */
export function withoutCopies(
  senders: readonly UnusualSender[],
  machines: readonly Machine[],
): readonly (UnusualSender & { readonly passedOn: readonly Machine[] })[] {
  const totals = new Map(machines.map((machine) => [nameOf(machine), machine.bytes]));
  const isBefore = (a: Interface, b: Interface): boolean => {
    const more = (totals.get(nameOf(a)) ?? 0) - (totals.get(nameOf(b)) ?? 0);
    return more === 0 ? nameOf(a) < nameOf(b) : more < 0;
  };
  const leastOf = (sender: UnusualSender): number =>
    COPIED * sender.destinations.slice(0, MOST_COMPARED).reduce((sum, { bytes }) => sum + bytes, 0);
  const passing = new Set(senders.filter((sender) => sender.received >= leastOf(sender)).map(nameOf));
  const behind = (sender: UnusualSender): readonly Machine[] => {
    const least = leastOf(sender);
    const others = sender.copies.filter((copy) => {
      if (copy.src === sender.src) return isBefore(copy, sender);
      // Of two that both received as much, the one that sends more in all is the gateway.
      return passing.has(nameOf(sender)) && (!passing.has(nameOf(copy)) || isBefore(copy, sender));
    });
    const largest = new Map<Key, number>();
    for (const { src, bytes } of others) largest.set(src, Math.max(largest.get(src) ?? 0, bytes));
    const sum = [...largest.values()].reduce((all, bytes) => all + bytes, 0);
    return sum > 0 && sum >= least ? others : [];
  };
  const relays = senders.map((sender) => ({ sender, behind: behind(sender) }));
  return relays
    .filter((one) => one.behind.length === 0)
    .map(({ sender }) => ({
      ...sender,
      passedOn: relays
        .filter((relay) => relay.behind.some((one) => nameOf(one) === nameOf(sender)))
        .map(({ sender: { src, interface: face, unusual } }) => ({
          src,
          interface: face,
          bytes: unusual.bytes,
        })),
    }));
}

type Interface = Pick<Machine, 'interface' | 'src'>;

function nameOf({ interface: face, src }: Interface): string {
  return `${face} ${src}`;
}

function readMachine([face, src, bytes]: readonly unknown[]): Machine {
  return { interface: readKey(face), src: readKey(src), bytes: Number(bytes) };
}

function mapAt<T>(maps: Map<number, Map<number, T>>, key: number): Map<number, T> {
  const found = maps.get(key) ?? new Map<number, T>();
  maps.set(key, found);
  return found;
}
