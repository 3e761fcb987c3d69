import { EPHEMERAL, hourRollup, portDayRollup } from '../../plan/usual-rollups.ts';
import type { Rollup } from '../../plan/rollup.ts';
import { quote } from './clickhouse-layout.ts';

/** The rollups in ClickHouse, smallest first. */
export const clickhouseRollups: readonly Rollup[] = [portDayRollup, hourRollup];

/** What rolled-up rows are made of: a table of flows, and the columns beside the rollup's own that rows are kept apart by. */
interface RolledFrom {
  readonly table: string;
  readonly by: readonly string[];
}

/**
 * A SELECT of a rollup's rows, of the flows that there are (of those inserted at once, in a materialized view).
 * @param stored fields that the table of flows has a column for
 */
export function rolledUp(
  rollup: Rollup,
  kept: readonly string[],
  stored: ReadonlySet<string>,
  { table, by }: RolledFrom = { table: 'flow', by: [] },
): string {
  const hour = rollup.hours === 1 ? 'hour' : `intDiv(hour, ${rollup.hours}) * ${rollup.hours}`;
  const masked = (name: string): string => {
    const column = quote(name);
    if (!rollup.nulled.has(name) || !stored.has('srcport')) return column;
    const accepted = stored.has('action') ? ` AND action IS DISTINCT FROM 'REJECT'` : '';
    return `CASE WHEN ${column} >= ${EPHEMERAL} AND srcport < ${EPHEMERAL}${accepted} THEN NULL ELSE ${column} END`;
  };
  const keys = [...by, hour, ...kept.map(masked)];
  const items = [...by, `${hour} AS hour`, ...kept.map((name) => `${masked(name)} AS ${quote(name)}`)];
  const sums = ['bytes', 'packets'].map((name) =>
    stored.has(name)
      ? `sum(CAST(${name} AS Nullable(Int128))) AS ${name}`
      : `CAST(NULL AS Nullable(Int128)) AS ${name}`,
  );
  return `SELECT ${[...items, 'count(*) AS flows', ...sums].join(', ')} FROM ${table} GROUP BY ${keys.join(', ')}`;
}
