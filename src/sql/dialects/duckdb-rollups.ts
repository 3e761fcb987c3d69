import type { Field } from '../../model/catalog/field.ts';
import type { Rollup } from '../plan/rollup.ts';
import { reservedId } from './duckdb-layout.ts';

/** The first port of Linux's ephemeral range: what clients answer from; IANA's begins later. */
const EPHEMERAL = 32_768;

/** What changes from flow to flow of the same two, and so would hardly roll up. */
const dropped: ReadonlySet<string> = new Set(['srcport', 'tcp_flags']);

/**
 * The rollups of a DuckDB store, smallest first. One is worth its room: a second one by hour and port alone,
 * for "top destination ports", took 1.7 bytes a flow to make one question four times as fast. A destination port of 32768 or more is null in `flow_hour`
 * where the source port is smaller: the flow is an answer, and the port one of the many that clients use once.
 * Rejected flows keep it: they are few, and their ports are what people ask for.
 */
export const duckdbRollups: readonly Rollup[] = [
  {
    table: 'flow_hour',
    keeps: ({ name, role }: Field) => role === 'dimension' && !dropped.has(name),
    masks: new Map([['dstport', { from: EPHEMERAL, unless: { field: 'action', value: 'REJECT' } }]]),
  },
];

/** What a kept column of a rollup holds, over the columns of flows (`stored` are those there are). */
export function rolledColumn(rollup: Rollup, name: string, stored: readonly string[]): string {
  if (!rollup.masks.has(name) || !stored.includes('srcport')) return `"${name}"`;
  const accepted = stored.includes('action') ? ` AND action IS DISTINCT FROM ${reservedId('REJECT')}` : '';
  return `CASE WHEN "${name}" >= ${EPHEMERAL} AND srcport < ${EPHEMERAL}${accepted} THEN NULL ELSE "${name}" END`;
}
