import { writeKept } from './rewrite.ts';
import type { Store } from './store.ts';

/** Fewer late flows than this are not worth writing everything anew. */
const LEAST_LATE = 1_000_000;
/** The share of late flows from which on it is. */
const LATE_SHARE = 0.25;

/**
 * Whether so many flows came late (into hours that had flows before) that the order of rows has suffered:
 * they lie in several places, and their hours have several rows for the same in the rollup.
 */
export async function needsCompaction(store: Store): Promise<boolean> {
  if (store.lateFlows < LEAST_LATE) return false;
  const [row] = await store.database.rows('SELECT count(*) FROM flow');
  return store.lateFlows >= LATE_SHARE * Number(row?.[0] ?? 0);
}

/**
 * Writes the store anew in its order, all hours rolled up as far as they go. Reads go on meanwhile, writes
 * wait; a crash at any moment leaves the old file. Needs free space for a second file.
 */
export async function compact(store: Store): Promise<void> {
  await store.exclusively(() =>
    store.replaceFile((path) => writeKept(store, { all: 0, flows: store.flowsFrom }, path)),
  );
}
