/**
 * What a source is doing: `starting`; `catching_up` with what came before; `live`, at the end of what there is; `waiting`
 * to try again after a failure; `stopped`, paused or not followed by this process.
 */
export type SourceState = 'starting' | 'catching_up' | 'live' | 'waiting' | 'stopped';

/** Objects or messages that can't be read, all for the same reason. */
export interface UnreadableReason {
  readonly reason: string;
  readonly objects: number;
  /** The name of one of them. */
  readonly example: string;
}

/** How many they are in all. */
export function unreadableObjects({ unreadable }: Pick<SourceStatus, 'unreadable'>): number {
  return unreadable.reduce((sum, { objects }) => sum + objects, 0);
}

/** A source that flow logs are read from, and how that goes. Times are ISO 8601, UTC. */
export interface SourceStatus {
  readonly id: string;
  readonly kind: string;
  readonly state: SourceState;
  /** Whether somebody paused it, and it can be resumed. */
  readonly paused: boolean;
  /** Seconds that what was read last is behind what there is, or that the oldest object waits; 0: nothing waits; null: nobody knows. */
  readonly lag_seconds: number | null;
  /** Objects or messages that wait there; null: nobody knows. */
  readonly lag_objects: number | null;
  /** In the store from this source, ever. */
  readonly records: number;
  readonly objects: number;
  /** Records a second over the last minute. */
  readonly rate: number;
  /** When something of it was last committed; null: never. */
  readonly last_success: string | null;
  readonly last_error: { readonly code: string; readonly message: string; readonly at: string } | null;
  /** Objects and messages that can't be read as they are, by the reason, the most frequent first. They are in quarantine. */
  readonly unreadable: readonly UnreadableReason[];
  /** What is wrong though it is read (a permission that would tell more), as sentences. */
  readonly warnings: readonly string[];
  /** When it will be tried again; null: it does not wait for that. */
  readonly next_try: string | null;
}
