import { type Key, readKey } from '../../sql/key.ts';
import type { verdicts } from '../../sql/investigate/pairs.ts';

/** Who tried which port of whom at which interface: addresses and names are still keys of the store. */
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
  /** Whether its records look like replies. */
  readonly reply: boolean;
  /** How many addresses of ours, and ports of them, the source tried and was refused at, and how often in all. */
  readonly addresses: number;
  readonly targets: number;
  readonly total: number;
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
}

/** Refused replies that came to an address. */
export interface Replies {
  readonly interface: Key;
  readonly dst: Key;
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
    reply: Boolean(row[12]),
    addresses: Number(row[13]),
    targets: Number(row[14]),
    total: Number(row[15]),
  };
}

export function readScanSource(row: readonly unknown[]): ScanSource {
  const [, addresses = 0, ports = 0, records = 0, first = 0, last = 0, widest = 0, deepest = 0] =
    row.map(Number);
  return { src: readKey(row[0]), addresses, ports, records, first, last, widest, deepest };
}

export function readReplies(row: readonly unknown[]): Replies {
  const [face = 0, dst = 0] = row.slice(0, 2).map(readKey);
  const [records = 0, sources = 0, first = 0, last = 0, sport = 0, protocol = 0] = row
    .slice(2, 8)
    .map(Number);
  const sports = [...new Set(`${String(row[8])},${String(row[9])}`.split(',').map(Number))].toSorted(
    (a, b) => a - b,
  );
  return { interface: face, dst, records, sources, first, last, sport, protocol, sports };
}
