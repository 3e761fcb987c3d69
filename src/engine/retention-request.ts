export interface RetentionRequest {
  /**
   * How long flows are kept at all, an ISO 8601 duration that counts back from the newest flow (one with a time in the future, from a
   * wrong clock, does not count); null: for ever.
   */
  readonly keep: string | null;
  /** How long each flow is kept; before that only sums by the hour are. Null: as long as `keep`. */
  readonly keepRaw: string | null;
}

export interface RetentionReport {
  /** Everything that started before it is gone; ISO 8601 UTC. Null: nothing was to go for good. */
  readonly cut: string | null;
  /** Before it only sums by the hour are left; null: each flow is there. */
  readonly flows_from: string | null;
  /** Flows that are gone, those that are there, and those that only sums by the hour tell of. */
  readonly dropped_flows: number;
  readonly kept_flows: number;
  readonly kept_as_hours: number;
  /** On disk, of the flows and all that is stored with them. */
  readonly bytes_before: number;
  readonly bytes_after: number;
}
