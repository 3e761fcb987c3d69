import { PeepholeError } from '../../model/errors.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import { checkDurations, cutoffsFor } from '../retention-cutoffs.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import type { StoreStatus } from '../store-status.ts';
import type { BatchWriter } from './batch-writer.ts';
import { dayOf } from './cuts.ts';
import { deleteUnused, dropSegments, hasSegmentsBefore } from './dropped-segments.ts';
import type { DruidServer } from './druid-server.ts';
import { neverInDruid } from './unsupported.ts';

const DAY = 86_400;

/** What retention needs of the store. */
export interface Retained {
  readonly writer: BatchWriter;
  /** Runs while no batch of this process is written. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  status(): Promise<StoreStatus>;
  /** The newest start in an hour (since 1970, UTC) that is over by then; null: there is none. */
  newest(second: number): Promise<number | null>;
  /** Whether ledger or coverage know of anything from before a second. */
  knowsOf(before: number): Promise<boolean>;
}

/**
 * Drops what is older than asked, by whole days (UTC) before that moment. First the ledger says so, from which on no question sees it;
 * then segments are taken out of use, and then deleted. So what is interrupted leaves right answers, and goes on when it is asked for
 * again. The ledger keeps its entries, so that dropped inputs don't come back. Throws `usage` for what is not a duration,
 * `not_supported` for sums by the hour.
 */
export async function retain(
  server: DruidServer,
  store: Retained,
  request: RetentionRequest,
): Promise<RetentionReport> {
  checkDurations(request);
  if (request.keepRaw !== null) throw new PeepholeError('not_supported', neverInDruid.keep_raw);
  await store.writer.current();
  const before = await store.status();
  if (before.engine.copying)
    throw new PeepholeError(
      'store_busy',
      'A copy into this store has not ended, and would bring back what is dropped. Run the same peephole copy again first.',
    );
  // A start in the future by more than a day is of a wrong clock, which must not drop all else.
  const newest = await store.newest(Math.floor(Date.now() / 1000) + DAY);
  const asked = newest === null ? 0 : dayOf(cutoffsFor(request, newest, 0).all);
  const dropped = await store.exclusively(() => drop(server, store, asked));
  for (const datasource of server.datasources)
    await deleteUnused(
      server,
      datasource,
      Math.max(asked, ...store.writer.seen.cuts.map((cut) => cut.before)),
    );
  const after = await store.status();
  return {
    cut: asked === 0 ? null : formatInstant(asked * 1000),
    flows_from: null,
    dropped_flows: dropped.flows,
    kept_flows: after.raw_flows,
    kept_as_hours: 0,
    bytes_before: before.bytes,
    bytes_after: Math.max(0, before.bytes - dropped.bytes),
  };
}

/** Enters in the ledger what goes, if anything does, and takes its segments out of use. */
async function drop(
  server: DruidServer,
  { writer, knowsOf }: Retained,
  asked: number,
): Promise<{ readonly flows: number; readonly bytes: number }> {
  let some = await knowsOf(asked);
  for (const datasource of server.datasources) some ||= await hasSegmentsBefore(server, datasource, asked);
  if (!some) return { flows: 0, bytes: 0 };
  let flows = await writer.drop(asked);
  let bytes = 0;
  for (const datasource of server.datasources) bytes += await dropSegments(server, datasource, asked);
  // Other processes may have brought flows to these days meanwhile, which went with them.
  flows += await writer.drop(asked);
  return { flows, bytes };
}
