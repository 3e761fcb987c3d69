import type { AbortedTransaction, RecordBatch } from './record-batches.ts';

/** What to do with a batch: read it, or skip it. */
export interface ClassifiedBatch {
  readonly batch: RecordBatch;
  readonly passOver: boolean;
}

/**
 * Tells the batches that are to be read from those of transactions that were taken back and the markers of transactions'
 * ends. A broker that is asked for committed messages only still sends the others, and says which they are.
 */
export function* classifyBatches(
  batches: Iterable<RecordBatch>,
  aborted: readonly AbortedTransaction[],
): Generator<ClassifiedBatch> {
  const waiting = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  /** Producers whose transaction, taken back later, is open at the batch. */
  const open = new Set<bigint>();
  for (const batch of batches) {
    while (waiting.length > 0 && waiting[0]!.firstOffset <= batch.lastOffset)
      open.add(waiting.shift()!.producer);
    if (batch.control) {
      // Whatever it says, the transaction ends here; the next of this producer is named by itself.
      open.delete(batch.producer);
      yield { batch, passOver: true };
    } else yield { batch, passOver: batch.transactional && open.has(batch.producer) };
  }
}
