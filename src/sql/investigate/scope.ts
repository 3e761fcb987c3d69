import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { type FlowRows, flowRows, wholeHoursOf } from '../flow-rows.ts';
import { LONG, LONGEST, reaches } from '../record-times.ts';

/** What an investigation looks at. */
export interface InvestigationScope {
  /** Names of the catalog's fields that the table of flows has a column for. */
  readonly columns: ReadonlySet<string>;
  /** The same for coverage records. */
  readonly coverageColumns: ReadonlySet<string>;
  /** Unix seconds, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Unix seconds: from here until `from` only sums by the hour are left of the time that was asked for; null: no such time. */
  readonly sumsFrom: number | null;
}

/**
 * The scope of the statements of an investigation. Addresses and names stay keys of the dialect until the text of a
 * finding is written. All numbers in the statements come from this program, so none is bound.
 */
export interface SqlScope extends InvestigationScope {
  readonly dialect: Dialect;
}

/** An amount so many times: a double, since the largest amounts (2^63 - 1) have no multiple of 64 bits. */
export function timesAmount(times: number | string, amount: string, { types }: Dialect): string {
  return `${times} * CAST(${amount} AS ${types.real})`;
}

/** Fields without which there is nothing to investigate; without `start` there are no hours at all. */
export const fieldsOfEnds: readonly string[] = ['srcaddr', 'dstaddr'];

/** What is said of a need for accepted flows alone: where no flow says whether it was, each counts as accepted. */
export function acceptedOnly({ columns }: Pick<InvestigationScope, 'columns'>): {
  readonly action?: 'ACCEPT';
} {
  return columns.has('action') ? { action: 'ACCEPT' } : {};
}

/** What is read of the sums of hours. */
const fieldsOfHours: readonly string[] = [
  'interface_id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'action', 'flow_direction', 'tgw_id', 'vpc_id', 'account_id', 'region',
  'az_id', 'traffic_path', 'pkt_dstaddr', 'pkt_src_aws_service', 'pkt_dst_aws_service',
]; // prettier-ignore

/** A dialect whose sums of hours are those that an investigation reads. */
export function withHourSums({ from, to, sumsFrom }: InvestigationScope, dialect: Dialect): Dialect {
  const { table } = flowRows(dialect, {
    kind: 'hours',
    columns: fieldsOfHours,
    ranges: [wholeHoursOf({ from: sumsFrom ?? from, to })],
    shared: true,
  });
  const fetched = table === dialect.tables.flowHours ? {} : { flowHours: table, interfaceHours: table };
  return { ...dialect, tables: { ...dialect.tables, ...fetched } };
}

/** Columns of the sums of hours `f`, by the same names: the hour, how many flows, and those of some fields that have one. */
export function flowHourColumns({ columns, dialect }: SqlScope, names: readonly string[]): string {
  return ['hour', 'flows', ...names.filter((name) => columns.has(name))]
    .map((name) => `f.${dialect.quote(name)} AS ${dialect.quote(name)}`)
    .join(', ');
}

/** What is read of rejected flows. */
const fieldsOfRejected: readonly string[] = [
  'interface_id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'tcp_flags', 'packets', 'bytes', 'end', 'pkt_srcaddr', 'pkt_dstaddr', 'action',
]; // prettier-ignore

/** The rejected flows of the range, with those of the day before that reach into it, or nearly so. */
export function rejectedFlows({ dialect, columns, from, to }: SqlScope): FlowRows {
  return flowRows(dialect, {
    kind: 'each',
    columns: fieldsOfRejected,
    ranges: [{ from: from - LONG - LONGEST, to }],
    action: 'REJECT',
    only: (words) => reaches(integerLiteral(Math.max(0, from - LONG)), columns, words, 'f'),
    shared: true,
  });
}

/** Without these nobody can tell what was tried. */
export const fieldsOfTries: readonly string[] = [...fieldsOfEnds, 'action'];

/** Without these nobody can tell whether what was let in was answered. */
export const fieldsOfAnswers: readonly string[] = ['packets', 'bytes', 'protocol', 'dstport'];

/** A number of the table of flows `f`; `otherwise` (which may be less than 0) where no input has logged it, and for null. */
export function stored({ columns, dialect }: SqlScope, name: string, otherwise: number): string {
  return columns.has(name)
    ? `coalesce(CAST(f.${dialect.quote(name)} AS ${dialect.types.int}), ${otherwise})`
    : `CAST(${otherwise} AS ${dialect.types.int})`;
}

/** A port of `f` as it is compared with one that is known: as it is stored, so that a database tells already as it reads whether it may be one. */
export function knownPort(scope: SqlScope, name: 'srcport' | 'dstport'): string {
  return scope.columns.has(name) ? `f.${name}` : stored(scope, name, -1);
}

/** The key of a row's interface: what stands for none where there is none. */
export function interfaceKey(
  { columns, dialect }: Pick<SqlScope, 'columns' | 'dialect'>,
  table = 'f.',
): string {
  return columns.has('interface_id') ? `coalesce(${table}interface_id, ${dialect.noText})` : dialect.noText;
}

/** That a row of `f` was accepted, or rejected. Where no flow says which, as of transit gateways, each counts as accepted. */
export function isAction({ columns, dialect }: SqlScope, action: 'ACCEPT' | 'REJECT'): string {
  if (!columns.has('action')) return action === 'ACCEPT' ? 'TRUE' : 'FALSE';
  return `f.action = ${dialect.closedText(action)}`;
}

/** The condition that keeps the rows of `f` from `from` on and before `to`, said of the order of rows too. */
export function within({ dialect }: SqlScope, from: number, to: number): string {
  const low = Math.max(0, from);
  const typed = (value: number): string => `CAST(${integerLiteral(value)} AS ${dialect.types.seconds})`;
  return (
    `f.start >= ${typed(low)} AND f.start < ${typed(Math.max(0, to))}` +
    ` AND f.hour >= ${typed(Math.floor(low / 3600))} AND f.hour <= ${typed(Math.max(0, Math.floor((to - 1) / 3600)))}`
  );
}

/** The condition that keeps the hours of `f` (or of another table) that a range touches. */
export function withinHours({ dialect }: SqlScope, from: number, to: number, table = 'f'): string {
  const [first, last] = [Math.floor(Math.max(0, from) / 3600), Math.max(0, Math.floor((to - 1) / 3600))];
  const typed = (value: number): string => `CAST(${integerLiteral(value)} AS ${dialect.types.seconds})`;
  return `${table}.hour BETWEEN ${typed(first)} AND ${typed(last)}`;
}

/**
 * Some hours as the rows `h` of one column, which is their number: joined with, a database reads less of other hours than where a list says
 * which count.
 */
export function hourRows({ types }: Dialect, hours: readonly number[]): string {
  const rows = hours.map((hour) => `(${integerLiteral(hour)})`);
  return `(SELECT CAST(v.hour AS ${types.seconds}) AS hour FROM (VALUES ${rows.join(', ')}) v(hour)) h`;
}

/** The same with bits, a number for each hour, as the column `bit`. */
export function hourBits({ types }: Dialect, hours: ReadonlyMap<number, number>): string {
  const rows = [...hours].map(([hour, bit]) => `(${integerLiteral(hour)}, ${integerLiteral(bit)})`);
  return `(SELECT CAST(v.hour AS ${types.seconds}) AS hour, CAST(v.bit AS ${types.int}) AS bit FROM (VALUES ${rows.join(', ')}) v(hour, bit)) h`;
}

/** Private, shared (carrier-grade), loopback and link-local IPv4 blocks, as first and last address, in order. */
const insideBlocks: readonly (readonly [number, number])[] = [
  [0x0a000000, 0x0affffff],
  [0x64400000, 0x647fffff],
  [0x7f000000, 0x7fffffff],
  [0xa9fe0000, 0xa9feffff],
  [0xac100000, 0xac1fffff],
  [0xc0a80000, 0xc0a8ffff],
];
/** Among the blocks of a list, where it is cut: most addresses are compared with those of one piece alone. */
const CUTS = [1, 4] as const;

/** Whether an address lies in one of the IPv4 blocks that networks use inside. */
export function isInsideKey(key: Key, dialect: Dialect): boolean {
  const address = dialect.ipv4OfKey(key);
  return address !== null && insideBlocks.some(([first, last]) => address >= first && address <= last);
}

/** 224.0.0.0: from here up an IPv4 address is of no machine. */
export const FIRST_OF_MANY = 0xe0000000;

/** Whether an IPv4 address is of no machine: multicast, reserved or broadcast. */
export function isManyKey(key: Key, dialect: Dialect): boolean {
  return (dialect.ipv4OfKey(key) ?? 0) >= FIRST_OF_MANY;
}

/** Whether an IPv4 address may be that of all of a network: its last byte is 255. */
export function mayBeBroadcastKey(key: Key, dialect: Dialect): boolean {
  return ((dialect.ipv4OfKey(key) ?? 0) & 0xff) === 0xff;
}

/** Whether a column's address is one of ours: of a block that is used inside, or in the list of keys. */
export function isOurs(column: string, own: readonly Key[], dialect: Dialect): string {
  const literal = (address: number): string => dialect.addressLiteral(dialect.keyOfIpv4(address));
  const start = (cut: number): number => insideBlocks[cut]?.[0] ?? 0;
  const [low, high] = CUTS;
  const isListed = (keys: readonly Key[]): readonly string[] =>
    keys.length === 0 ? [] : [`${column} IN (${keys.map((key) => dialect.addressLiteral(key)).join(', ')})`];
  /** IPv4 addresses of the piece from a cut until another. */
  const within = (from: number, to: number): string => {
    const [first, last] = [from === 0 ? 0 : start(from), to === insideBlocks.length ? Infinity : start(to)];
    const blocks = insideBlocks
      .slice(from, to)
      .map(([least, most]) => `${column} BETWEEN ${literal(least)} AND ${literal(most)}`);
    const listed = own.filter((key) => {
      const address = dialect.ipv4OfKey(key);
      return address !== null && address >= first && address < last;
    });
    return [...blocks, ...isListed(listed)].join(' OR ');
  };
  const [six] = isListed(own.filter((key) => dialect.ipv4OfKey(key) === null));
  const ofIpv6 = six === undefined ? '' : `WHEN ${dialect.isIpv6(column)} THEN ${six} `;
  return `(CASE ${ofIpv6}WHEN ${column} < ${literal(start(low))} THEN ${within(0, low)} WHEN ${column} < ${literal(start(high))} THEN ${within(low, high)} ELSE ${within(high, insideBlocks.length)} END)`;
}

/** That a column is none of a few numbers: compared one by one, which a database does as it reads a column, unlike with a list. */
export function isNoneOf(column: string, numbers: readonly number[]): string {
  return `(${numbers.map((number) => `${column} <> ${integerLiteral(number)}`).join(' AND ')})`;
}
