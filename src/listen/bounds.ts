const MIB = 1024 ** 2;

/** What the listener may use at most. Past a bound, visits are only counted, or end. */
export interface Bounds {
  /** Visits that are open at once, in all and from one source (an IPv4 address, a /64 of IPv6). */
  readonly connections: number;
  readonly connectionsOfSource: number;
  /** New visits a second, in all and from one source; twice as many may come at once. */
  readonly rate: number;
  readonly rateOfSource: number;
  /** Bytes that a visit may send. */
  readonly bytes: number;
  /** Milliseconds without a byte, and in all, after which a visit ends. */
  readonly idle: number;
  readonly duration: number;
  /** Bytes that all open visits together may have sent. */
  readonly memory: number;
  /** Bytes of all files of visits in the store. */
  readonly disk: number;
  /** Bytes and milliseconds after which a file is closed and the next begins. */
  readonly fileBytes: number;
  readonly fileAge: number;
}

export const DEFAULT_BOUNDS: Bounds = {
  connections: 1_000,
  connectionsOfSource: 50,
  rate: 500,
  rateOfSource: 20,
  bytes: 16 * 1024,
  idle: 10_000,
  duration: 60_000,
  memory: 16 * MIB,
  disk: 1024 * MIB,
  fileBytes: 16 * MIB,
  fileAge: 3_600_000,
};
