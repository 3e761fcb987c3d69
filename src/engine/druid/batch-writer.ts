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
  /** After something else changed the store. */
  refresh(): void;
  close(): Promise<void>;
}
