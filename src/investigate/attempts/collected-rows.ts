import { type Key, readKey } from '../../sql/key.ts';
import type { verdicts } from '../../sql/investigate/pairs.ts';

const UDP = 17;

/** A source, a target, its port and the interface; addresses and names are still keys of the store. */
export interface Pair {
  readonly id: number;
  readonly verdict: (typeof verdicts)[keyof typeof verdicts];
  readonly interface: Key;
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  readonly records: number;
  readonly first: number;
  readonly last: number;
  /** One of `replyKinds`. */
  readonly reply: number;
  /** How many addresses of ours, and ports of them, the source tried and was refused at, at how many of them as often as here, and how often in all. */
  readonly addresses: number;
  readonly targets: number;
  readonly busy: number;
  readonly total: number;
  /** Of the addresses those that it tried at this port. */
  readonly samePort: number;
}

/** A source that tried many addresses or many ports. */
export interface ScanSource {
  readonly src: Key;
  readonly addresses: number;
  readonly ports: number;
  readonly records: number;
  readonly first: number;
  readonly last: number;
  /** Addresses of one port, at most. */
  readonly widest: number;
  /** Ports of one address, at most. */
  readonly deepest: number;
  /** Addresses and ports of them in all. */
  readonly targets: number;
  readonly lowestPort: number;
  /** Whether it sent nothing but UDP. */
  readonly isUdp: boolean;
}

/** Refused replies that came to an address. */
export interface Replies {
  readonly interface: Key;
  readonly dst: Key;
  /** One of `replyKinds`. */
  readonly reply: number;
  readonly records: number;
  readonly sources: number;
  readonly first: number;
  readonly last: number;
  /** The port that most came from. */
  readonly sport: number;
  readonly protocol: number;
  /** All ports that they came from, in order. */
  readonly sports: readonly number[];
}

export function readPair(row: readonly unknown[]): Pair {
  const [face, src, dst] = row.slice(2, 5).map(readKey);
  const [id, verdict, , , , port, protocol, records, first, last] = row.slice(0, 10).map(Number);
  return {
    id: id ?? 0,
    verdict: (verdict ?? 1) as Pair['verdict'],
    interface: face ?? 0,
    src: src ?? 0,
    dst: dst ?? 0,
    port: port ?? 0,
    protocol: protocol ?? 0,
    records: records ?? 0,
    first: first ?? 0,
    last: last ?? 0,
    reply: Number(row[10]),
    addresses: Number(row[11]),
    targets: Number(row[12]),
    busy: Number(row[13]),
    total: Number(row[14]),
    samePort: Number(row[15]),
  };
}

export function readScanSource(row: readonly unknown[]): ScanSource {
  const [, addresses = 0, ports = 0, records = 0, first = 0, last = 0, widest = 0, deepest = 0, targets = 0, lowestPort = 0, ...protocols] =
    row.map(Number); // prettier-ignore
  const isUdp = protocols.every((protocol) => protocol === UDP);
  return { src: readKey(row[0]), addresses, ports, records, first, last, widest, deepest, targets, lowestPort, isUdp }; // prettier-ignore
}

export function readReplies(row: readonly unknown[]): Replies {
  const [face = 0, dst = 0] = row.slice(0, 2).map(readKey);
  const [reply = 0, records = 0, sources = 0, first = 0, last = 0, sport = 0, protocol = 0] = row
    .slice(2, 9)
    .map(Number);
  const sports = [...new Set(`${String(row[9])},${String(row[10])}`.split(',').map(Number))].toSorted(
    (a, b) => a - b,
  );
  return { interface: face, dst, reply, records, sources, first, last, sport, protocol, sports };
}
