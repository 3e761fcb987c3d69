import { gapsBetween, isoSecond, runsOf, stretchOf } from '../hour-stretches.ts';
import { copyMark } from '../copy-contents.ts';
import { keptInFolder } from '../../model/engine-status.ts';
import { newestHour } from '../newest-hour.ts';
import type { FlowRange, StoreStatus } from '../store-status.ts';
import type { Columns } from './columns.ts';
import type { ClickHouseServer } from './server.ts';

/** What is in the database, from its ledger, its hours and its rollups. */
export async function databaseStatus(
  server: ClickHouseServer,
  known: { readonly folder: string; readonly revision: number; readonly columns: Columns },
): Promise<StoreStatus> {
  // Before anything is read: what is committed meanwhile has a later one, so that whoever asks again sees a difference.
  const { revision } = known;
  const [hours, [ledger], [flows], bytes, range, flowsFrom] = await Promise.all([
    server.rows(
      'SELECT hour, skipdata > 0, nodata, skipdata FROM logged_hour WHERE flows + nodata + skipdata > 0 ORDER BY hour',
    ),
    server.rows(
      `SELECT (SELECT count() FROM input), (SELECT count() FROM quarantined_line), (SELECT count() FROM source_position WHERE startsWith(source, '${copyMark.prefix}') AND name = '${copyMark.name}' AND position = '${copyMark.begun}')`,
    ),
    server.rows(
      'SELECT (SELECT count() FROM flow), (SELECT sum(flows) FROM flow_hour), (SELECT sum(flows) FROM flow_hour WHERE hour IS NULL)',
    ),
    server.bytes(),
    flowRange(server, known.columns),
    flowsFromOf(server),
  ]);
  const gaps = gapsBetween(hours.map(([hour]) => Number(hour)));
  const lossy = hours.flatMap(([hour, lost]) => (Number(lost) === 1 ? [Number(hour)] : []));
  const sum = (at: number): number => hours.reduce((total, row) => total + Number(row[at]), 0);
  return {
    folder: known.folder,
    revision,
    read_only: false,
    flows: Number(flows?.[1] ?? 0),
    raw_flows: Number(flows?.[0] ?? 0),
    untimed_flows: Number(flows?.[2] ?? 0),
    flows_from: flowsFrom === 0 ? null : isoSecond(flowsFrom),
    nodata: sum(2),
    skipdata: sum(3),
    quarantined: Number(ledger?.[1] ?? 0),
    inputs: Number(ledger?.[0] ?? 0),
    range: range === null ? null : { from: isoSecond(range.first), to: isoSecond(range.last + 1) },
    newest: range === null ? null : isoSecond(range.newest + 1),
    bytes,
    gaps: gaps.map(stretchOf),
    gap_hours: gaps.reduce((total, { from, to }) => total + to - from, 0),
    lossy: runsOf(lossy).map(stretchOf),
    skipdata_hours: lossy.length,
    engine: {
      kind: 'clickhouse',
      where: server.where,
      segments: null,
      waiting_tasks: 0,
      rollup_failure: null,
      supervisor: null,
      ledger: null,
      copying: Number(ledger?.[2] ?? 0) > 0,
      failure: null,
      only_here: keptInFolder,
      unsupported: {},
    },
  };
}

/** When flows start; null while there are none. */
export async function flowRange(server: ClickHouseServer, columns: Columns): Promise<FlowRange | null> {
  if (!columns.flow.has('start')) return null;
  const [hours] = await server.rows(
    'SELECT minOrNull(hour), maxOrNull(hour), maxOrNullIf(hour, hour <= {p1:UInt32}) FROM logged_hour WHERE flows > 0',
    [newestHour()],
  );
  if (hours?.[0] === null || hours?.[0] === undefined) return null;
  const [first, last] = [Number(hours[0]), Number(hours[1])];
  const newest = Number(hours[2] ?? last);
  const [row] = await server.rows(
    `SELECT (SELECT minOrNull("start") FROM flow WHERE hour = {p1:UInt32}), (SELECT maxOrNull("start") FROM flow WHERE hour = {p2:UInt32}), (SELECT maxOrNull("start") FROM flow WHERE hour = {p3:UInt32})`,
    [first, last, newest],
  );
  // Where only sums by the hour are left, the hour is all that is known.
  return {
    first: Number(row?.[0] ?? first * 3600),
    last: Number(row?.[1] ?? last * 3600 + 3599),
    newest: Number(row?.[2] ?? newest * 3600 + 3599),
  };
}

/** The second before which only rollups are kept; 0: each flow is there. */
export async function flowsFromOf(server: ClickHouseServer): Promise<number> {
  const [row] = await server.rows('SELECT max(second) FROM flows_from_row');
  return Number(row?.[0] ?? 0);
}
