import type { SettableState } from './finding-state.ts';
import type { FindingKind } from './finding-kinds.ts';

/**
 * A second after all flows. It is known what the sources of such a finding want, so that nothing is new about it when they
 * go on.
 */
export const SOLVED_BY_VISITS = 253_402_300_799;

/**
 * What a store keeps of a finding from one run to the next: what it is recognized by, and what has become of it.
 * `first_seen` and `last_seen` are times of flows, all others are of the machine's clock; all in Unix seconds.
 */
export interface FindingRecord {
  readonly id: string;
  /** What it is recognized by, exactly (`src/investigate/life/finding-identity.ts`). */
  readonly identity: string;
  /** What of it may change in part: its sources, or its ports. */
  readonly parts: readonly string[];
  readonly kind: FindingKind;
  readonly score: number;
  readonly summary: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly state: SettableState;
  readonly since: number;
  /** Of a muted one: until when. */
  readonly until: number | null;
  readonly note: string | null;
  /**
   * Of a solved one: what is seen after this second of the logs has come back. `SOLVED_BY_VISITS`, also of one that
   * somebody reopened then: visits solved it.
   */
  readonly quiet_from: number | null;
  /** When `knocks --new` reported it for the first and the last time. */
  readonly first_told: number | null;
  readonly last_told: number | null;
}
