import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newestHour } from '../newest-hour.ts';
import type { FlowRange, StoreStatus } from '../store-status.ts';
import { gapsBetween, isoSecond, runsOf, stretchOf } from '../hour-stretches.ts';
import type { Store } from './store.ts';

/** What is in the store. Reads the ledger and the hours, not the flows: quick at any size. */
export async function storeStatus(store: Store): Promise<StoreStatus> {
  // Before anything is read: what is committed meanwhile has a later one, so that whoever asks again sees a difference.
  const { revision } = store;
  const [[sums], hours, bytes] = await Promise.all([
    store.database.rows(
      `SELECT coalesce(sum(flows), 0), coalesce(sum(nodata), 0), coalesce(sum(skipdata), 0) FROM logged_hour`,
    ),
    store.database.rows(
      'SELECT hour, skipdata > 0 FROM logged_hour WHERE flows + nodata + skipdata > 0 ORDER BY hour',
    ),
    folderBytes(store.options.folder),
  ]);
  const [[ledger], range] = await Promise.all([
    store.database.rows(
      'SELECT count(*), (SELECT count(*) FROM quarantined_line), (SELECT count(*) FROM flow), (SELECT coalesce(sum(flows), 0) FROM flow_hour), (SELECT coalesce(sum(flows), 0) FROM flow_hour WHERE hour IS NULL) FROM input',
    ),
    flowRange(store),
  ]);
  const gaps = gapsBetween(hours.map(([hour]) => Number(hour)));
  const lossy = hours.flatMap(([hour, lost]) => (lost === true ? [Number(hour)] : []));
  return {
    folder: store.options.folder,
    revision,
    read_only: store.readOnly,
    flows: Number(ledger?.[3] ?? 0),
    raw_flows: Number(ledger?.[2] ?? 0),
    untimed_flows: Number(ledger?.[4] ?? 0),
    flows_from: store.flowsFrom === 0 ? null : isoSecond(store.flowsFrom),
    nodata: Number(sums?.[1] ?? 0),
    skipdata: Number(sums?.[2] ?? 0),
    quarantined: Number(ledger?.[1] ?? 0),
    inputs: Number(ledger?.[0] ?? 0),
    range: range === null ? null : { from: isoSecond(range.first), to: isoSecond(range.last + 1) },
    newest: range === null ? null : isoSecond(range.newest + 1),
    bytes,
    gaps: gaps.map(stretchOf),
    gap_hours: gaps.reduce((sum, { from, to }) => sum + to - from, 0),
    lossy: runsOf(lossy).map(stretchOf),
    skipdata_hours: lossy.length,
    engine: {
      kind: 'duckdb',
      where: null,
      segments: null,
      waiting_tasks: 0,
      rollup_failure: null,
      supervisor: null,
      ledger: null,
      copying: false,
      failure: null,
      only_here: [],
      unsupported: {},
    },
  };
}

/** When flows start; null while there are none. From the zone maps of two hours or three. */
export async function flowRange(store: Store): Promise<FlowRange | null> {
  if (!store.columns.flow.has('start')) return null;
  const [hours] = await store.database.rows(
    'SELECT min(hour), max(hour), coalesce(max(hour) FILTER (WHERE hour <= $1::UINTEGER), max(hour)) FROM logged_hour WHERE flows > 0',
    [newestHour()],
  );
  if (hours?.[0] === null || hours?.[0] === undefined) return null;
  const [first = 0, last = 0, newest = 0] = hours.map(Number);
  const [row] = await store.database.rows(
    `SELECT (SELECT min(start) FROM flow WHERE hour = $1::UINTEGER), (SELECT max(start) FROM flow WHERE hour = $2::UINTEGER), (SELECT max(start) FROM flow WHERE hour = $3::UINTEGER)`,
    [first, last, newest],
  );
  // Where only sums by the hour are left, the hour is all that is known.
  return {
    first: Number(row?.[0] ?? first * 3600),
    last: Number(row?.[1] ?? last * 3600 + 3599),
    newest: Number(row?.[2] ?? newest * 3600 + 3599),
  };
}

/**
 * The file that is open, with its log, in bytes. Without those beside it: while a question runs on the file before, that is still
 * there, and what does not fit into memory is written too.
 */
export async function openFileBytes(store: Store): Promise<number> {
  const sizes = await Promise.all(
    [store.path, `${store.path}.wal`].map(async (path) => (await stat(path).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What is in a folder, in bytes. What goes while this looks counts as nothing. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return folderBytes(path);
      const status = await stat(path).catch(() => null);
      return status?.isFile() === true ? status.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
