/**
 * What one source of a planted activity has left in the logs. It is counted where records are written, so that
 * records in a gap don't count.
 */
export interface Trace {
  attempts: number;
  firstSeen: number;
  lastSeen: number;
  /** Attempts in each hour of the range. */
  readonly perHour: Uint32Array;
  /** Destinations: number of the address * 65,536 + port. */
  readonly targets: Set<number>;
  /** The interfaces that logged them. */
  readonly loggedAt: Set<number>;
  readonly sourcePorts: Set<number>;
}

export type PlantedKind =
  | 'persistent_stranger'
  | 'slow_stranger'
  | 'stopped_stranger'
  | 'new_stranger'
  | 'scan'
  | 'port_scan'
  | 'brute_force'
  | 'backscatter'
  | 'misconfigured_client'
  | 'radiation'
  | 'returning_scanner'
  | 'ntp_reply'
  | 'cut_connection'
  | 'health_check'
  | 'metrics_scrape'
  | 'ntp'
  | 'long_lived';

/** A planted activity: who did what, in words; the traces say how often. */
export interface Planted {
  readonly id: string;
  readonly kind: PlantedKind;
  readonly description: string;
  readonly action: 'ACCEPT' | 'REJECT';
  readonly protocol: number;
  /** Seconds between attempts, where there is such a thing. */
  readonly intervalSeconds: number | null;
  /** Numbers of addresses; empty for a crowd that isn't counted one by one. */
  readonly sources: readonly number[];
  /** One per source, in the order of `sources`; a crowd has one together. */
  readonly traces: readonly Trace[];
}

/** All planted activities and their traces. */
export class Ledger {
  readonly planted: Planted[] = [];
  private readonly hours: number;

  constructor(hours: number) {
    this.hours = hours;
  }

  /** Adds a planted activity; its traces, one per source (a crowd has one), are to be handed to the recorder. */
  plant(entry: Omit<Planted, 'traces'>): readonly Trace[] {
    const traces = Array.from({ length: Math.max(1, entry.sources.length) }, () => ({
      attempts: 0,
      firstSeen: 0,
      lastSeen: 0,
      perHour: new Uint32Array(this.hours),
      targets: new Set<number>(),
      loggedAt: new Set<number>(),
      sourcePorts: new Set<number>(),
    }));
    this.planted.push({ ...entry, traces });
    return traces;
  }
}
