import type { Field } from '../../model/catalog/field.ts';
import type { Rollup } from './rollup.ts';

/** The first port of Linux's ephemeral range: what clients answer from; IANA's begins later. */
export const EPHEMERAL = 32_768;

/** What changes from flow to flow of the same two, and so would hardly roll up. */
const dropped: ReadonlySet<string> = new Set(['srcport', 'tcp_flags']);

/** What questions about ports alone ask for. */
const portFields: ReadonlySet<string> = new Set(['dstport', 'protocol', 'action']);

/** For "top destination ports": by the hour it would take 1.7 bytes a flow, by the day a tenth of that. */
export const portDayRollup: Rollup = {
  table: 'flow_port_day',
  hours: 24,
  keeps: ({ name }: Field) => portFields.has(name),
  nulled: new Map(),
};

/**
 * Flows by the hour. A destination port of 32768 or more is null where the source port is smaller: the flow is an answer,
 * and the port one of the many that clients use once. Rejected flows keep it: they are few, and their ports are what people
 * ask for.
 */
export const hourRollup: Rollup = {
  table: 'flow_hour',
  hours: 1,
  keeps: ({ name, role }: Field) => role === 'dimension' && !dropped.has(name),
  nulled: new Map([['dstport', { from: EPHEMERAL, exceptWhen: { field: 'action', value: 'REJECT' } }]]),
};

/** Traffic of each interface by the hour, without who it was with: a small part of the flows, however many there are. */
export const interfaceHourRollup: Rollup = {
  table: 'flow_interface_hour',
  hours: 1,
  keeps: (field: Field) =>
    hourRollup.keeps(field) && field.group !== 'Source' && field.group !== 'Destination',
  nulled: new Map(),
  madeOf: hourRollup,
};

/** Who has traffic with whom, by the day: a third of the rows by the hour, less where the same ones talk all day. */
export const addressDayRollup: Rollup = {
  table: 'flow_address_day',
  hours: 24,
  keeps: (field: Field) => hourRollup.keeps(field) && field.name !== 'dstport',
  nulled: new Map(),
  madeOf: hourRollup,
};
