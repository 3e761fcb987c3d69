import { formatInstant } from '../../model/query/format-query.ts';
import type { RetentionReport, RetentionRequest } from '../retention-request.ts';
import { checkDurations, cutoffsFor } from '../retention-cutoffs.ts';
import { copyRetained } from './copy-store.ts';
import { flowRange, openFileBytes, storeStatus } from './status.ts';
import type { Store } from './store.ts';

/**
 * Drops what is older than asked by writing what is kept into a new file, which takes the old one's place
 * in one step: the space is given back, and a crash leaves the old store whole. Needs free space for what
 * is kept. The ledger keeps its entries, so that dropped inputs don't come back. Throws `usage` for what
 * is not a duration.
 */
export async function retain(store: Store, request: RetentionRequest): Promise<RetentionReport> {
  checkDurations(request);
  return store.exclusively(async () => {
    const [before, bytes] = [await storeStatus(store), await openFileBytes(store)];
    const range = await flowRange(store);
    const cutoffs =
      range === null ? null : cutoffsFor(request, (await newestSoFar(store)) ?? range.last, store.flowsFrom);
    const [old] = await store.database.rows('SELECT count(*) FROM flow WHERE start < $1::UINTEGER', [
      cutoffs?.flows ?? 0,
    ]);
    const [hours] = await store.database.rows('SELECT count(*) FROM flow_hour WHERE hour < $1::UINTEGER', [
      Math.floor((cutoffs?.all ?? 0) / 3600),
    ]);
    const some = Number(old?.[0] ?? 0) + Number(hours?.[0] ?? 0) > 0;
    if (cutoffs !== null && some) await store.replaceFile((path) => copyRetained(store, cutoffs, path));
    const after = await storeStatus(store);
    return {
      cut: cutoffs === null || cutoffs.all === 0 ? null : formatInstant(cutoffs.all * 1000),
      flows_from: after.flows_from,
      dropped_flows: before.flows - after.flows,
      kept_flows: after.raw_flows,
      kept_as_hours: after.flows - after.raw_flows,
      bytes_before: bytes,
      bytes_after: await openFileBytes(store),
    };
  });
}

/** The newest start that is not in the future by more than a day, in Unix seconds: one wrong clock must not drop all else. */
async function newestSoFar(store: Store): Promise<number | null> {
  const latest = Math.floor(Date.now() / 1000) + DAY;
  const [row] = await store.database.rows('SELECT max(start) FROM flow WHERE start <= $1::UINTEGER', [
    latest,
  ]);
  return row?.[0] === null || row?.[0] === undefined ? null : Number(row[0]);
}

const DAY = 86_400;
