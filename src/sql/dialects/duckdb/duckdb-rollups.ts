import {
  addressDayRollup,
  EPHEMERAL,
  hourRollup,
  interfaceHourRollup,
  portDayRollup,
} from '../../plan/usual-rollups.ts';
import type { Rollup } from '../../plan/rollup.ts';
import { reservedId } from './duckdb-layout.ts';

/** The rollups of a DuckDB store, smallest first. */
export const duckdbRollups: readonly Rollup[] = [
  interfaceHourRollup,
  portDayRollup,
  addressDayRollup,
  hourRollup,
];

/** What a kept column of a rollup holds, over the columns of flows (`stored` are those there are). */
export function rolledColumn(rollup: Rollup, name: string, stored: readonly string[]): string {
  if (!rollup.nulled.has(name) || !stored.includes('srcport')) return `"${name}"`;
  const accepted = stored.includes('action') ? ` AND action IS DISTINCT FROM ${reservedId('REJECT')}` : '';
  return `CASE WHEN "${name}" >= ${EPHEMERAL} AND srcport < ${EPHEMERAL}${accepted} THEN NULL ELSE "${name}" END`;
}
