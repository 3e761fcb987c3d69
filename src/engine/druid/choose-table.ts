import type { StartGrain } from '../../sql/dialects/druid/druid-select.ts';
import { type DruidTable, flowTable, hourTable, mixedTable } from '../../sql/dialects/druid/druid-table.ts';
import { secondsOf } from '../../sql/plan/range-seconds.ts';
import type { StoredFlows } from './stored-flows.ts';
import { hoursWithin } from './whole-answer.ts';

const HOUR = 3600;
/** With more hours that are not whole, each flow is read. */
const MOST_CUT_HOURS = 50;

/** What decides where rows are read from. */
export interface TableRequest {
  /** Whether single flows are needed, or the first and the last start of groups. */
  readonly each: boolean;
  readonly ends?: true;
  /** How exactly starts are needed; null: not at all. */
  readonly grain: StartGrain | null;
  /** Whether the rollup by the hour has all columns that the rows are of, and all that conditions on them ask about. */
  readonly fits: boolean;
  /** Times that hold all rows; null: all, also those without a start. */
  readonly ranges: Parameters<typeof hoursWithin>[0];
}

/**
 * What rows are read from: the rollup by the hour, where the store has one and it tells as much; with it the flows of hours within
 * which starts are told apart, such as the first of a range; else the flows.
 */
export function tableFor(
  { each, grain, ends: needsStarts, fits, ranges }: TableRequest,
  { datasource, rollup, range, hours }: StoredFlows,
): DruidTable {
  const flows = flowTable(datasource);
  if (rollup === null || !fits || each || needsStarts === true) return flows;
  if (grain !== null && grain.seconds % HOUR !== 0) return flows;
  // After the last flow nothing is cut.
  const ends = (ranges ?? []).flatMap((one) => Object.values(secondsOf(one)));
  const cuts = [...(grain?.cuts ?? []), ...ends].filter(
    (cut) => cut % HOUR !== 0 && cut <= (range?.last ?? 0),
  );
  const within = hoursWithin(ranges, hours);
  const cutHours = [...new Set(cuts.map((cut) => Math.floor(cut / HOUR)))].filter((hour) => within.has(hour));
  if (cutHours.length === 0) return hourTable(rollup);
  return cutHours.length === within.size || cutHours.length > MOST_CUT_HOURS
    ? flows
    : mixedTable(datasource, rollup, cutHours);
}

/** The same rows, read from the flows. */
export function onFlows<T extends { readonly table: DruidTable }>(
  rows: T,
  { datasource }: Pick<StoredFlows, 'datasource'>,
): T {
  return { ...rows, table: flowTable(datasource) };
}
