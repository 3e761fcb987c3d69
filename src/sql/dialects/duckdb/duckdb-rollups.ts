import type { Field } from '../../../model/catalog/field.ts';
import type { Rollup } from '../../plan/rollup.ts';
import { reservedId } from './duckdb-layout.ts';

/** The first port of Linux's ephemeral range: what clients answer from; IANA's begins later. */
const EPHEMERAL = 32_768;

/** What changes from flow to flow of the same two, and so would hardly roll up. */
const dropped: ReadonlySet<string> = new Set(['srcport', 'tcp_flags']);

/** What questions about ports alone ask for. */
const portFields: ReadonlySet<string> = new Set(['dstport', 'protocol', 'action']);

/**
 * The rollups of a DuckDB store, smallest first.
 *
 * A destination port of 32768 or more is null in `flow_hour` where the source port is smaller: the flow is an
 * answer, and the port one of the many that clients use once. Rejected flows keep it: they are few, and their ports
 * are what people ask for. For "top destination ports" there is `flow_port_day`: by the hour it would take 1.7 bytes
 * a flow, by the day a tenth of that.
 */
export const duckdbRollups: readonly Rollup[] = [
  { table: 'flow_port_day', hours: 24, keeps: ({ name }: Field) => portFields.has(name), masks: new Map() },
  {
    table: 'flow_hour',
    hours: 1,
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
