import type { LedgerStatus } from '../../model/engine-status.ts';
import type { FlowWriter } from '../flow-writer.ts';
import type { SeenBatches } from './seen-batches.ts';

/** How batches come into a store in Druid, and which of them are seen. */
export interface BatchWriter extends Pick<FlowWriter, 'write' | 'sources'> {
  /** Counts commits: an answer holds as long as it stays the same. */
  readonly revision: number;
  readonly seen: SeenBatches;
  /** That which it shares with other processes; null: none. */
  readonly ledger: LedgerStatus | null;
  /**
   * Enters in the ledger that flows of all batches up to now which start before a moment are dropped, on a whole day (UTC): from then
   * on no question sees them. Called while this process writes no batch.
   *
   * @returns how many flows it were
   */
  drop(before: number): Promise<number>;
  /** Resolves once all is here that others committed or dropped before. */
  current(): Promise<void>;
  /** After something else changed the store. */
  refresh(): void;
  close(): Promise<void>;
}
