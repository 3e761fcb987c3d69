import type { Key } from '../../sql/key.ts';

export type CrossingKind = 'nat' | 'zones' | 'regions' | 'transit' | 'internet';

/** Traffic that crosses something that is billed by the byte. */
export interface Crossing {
  readonly kind: CrossingKind;
  /** In all, each byte once. */
  readonly bytes: number;
  readonly records: number;
  /** How many pairs of machines (of the internet: machines). */
  readonly pairCount: number;
  /** The busiest; `dst` is null for the internet. */
  readonly pairs: readonly Pair[];
  /** Of a NAT gateway's bytes those that go to S3 and DynamoDB, or come from there; null: not logged. */
  readonly storeBytes: number | null;
  /** Of what goes between machines of ours the bytes of which a zone is not known. */
  readonly unknownBytes: number;
  /** Bytes of the busiest pairs by hour (since 1970). */
  readonly byHour: ReadonlyMap<number, number>;
}

export interface Pair {
  readonly src: Key;
  readonly dst: Key | null;
  readonly bytes: number;
  readonly records: number;
  /** The service's port of most bytes; null: none below 32,768, or answers of several services. */
  readonly port: number | null;
  /** The first and the last hour (since 1970) in which it sent anything; behind a NAT gateway, or received. */
  readonly firstHour: number;
  readonly lastHour: number;
}

/** All data about crossings. */
export interface Crossings {
  readonly crossings: readonly Crossing[];
  /** Bytes of all accepted traffic. */
  readonly allBytes: number;
  /** The region that logs most; null: not logged. */
  readonly region: string | null;
  /** Fields that some flow has. */
  readonly logged: ReadonlySet<string>;
  /** Where zones are known from; null: from nowhere. */
  readonly zonesFrom: 'logs' | 'inventory' | null;
  readonly gateways: readonly Key[];
}
