import type { CompactionReport } from '../compaction-report.ts';
import { copyRetained } from './copy-store.ts';
import { openFileBytes, storeStatus } from './status.ts';
import type { Store } from './store.ts';

/** Fewer late flows than this are not worth rewriting everything. */
const LEAST_LATE = 1_000_000;
/** The share of late flows from which on it is. */
const LATE_SHARE = 0.25;
/** Likewise for room in the file that holds nothing, in bytes. */
const LEAST_FREE = 64 * 1024 * 1024;
const FREE_SHARE = 0.15;

/**
 * Whether so many flows came late (into hours that had flows before) that the order of rows has suffered:
 * they lie in several places, and their hours have several rows for the same in the rollup. Or whether so
 * much of the file is free, as commits leave it, that it is better given back.
 */
export async function needsCompaction(store: Store): Promise<boolean> {
  const [row] = await store.database.rows(
    'SELECT (SELECT count(*) FROM flow), block_size * free_blocks, block_size * total_blocks FROM pragma_database_size() WHERE database_name = current_database()',
  );
  const [flows = 0, free = 0, total = 0] = row?.map(Number) ?? [];
  const late = store.lateFlows >= LEAST_LATE && store.lateFlows >= LATE_SHARE * flows;
  return late || (free >= LEAST_FREE && free >= FREE_SHARE * total);
}

/**
 * Rewrites the store in its order, all hours rolled up as far as they go. Reads go on meanwhile, writes
 * wait; a crash at any moment leaves the old file. Needs free space for a second file.
 */
export async function compact(store: Store): Promise<CompactionReport> {
  const before = await openFileBytes(store);
  await store.exclusively(() =>
    store.replaceFile((path) => copyRetained(store, { all: 0, flows: store.flowsFrom }, path)),
  );
  const { flows } = await storeStatus(store);
  return { flows, bytes_before: before, bytes_after: await openFileBytes(store) };
}
