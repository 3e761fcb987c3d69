import { sourceBegan } from '../derived/initiator.ts';
import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Key } from '../key.ts';
import { fieldOf } from '../plan/condition.ts';
import { flowRows, rangesOfHours } from '../flow-rows.ts';
import { isReset } from './answers-queries.ts';
import { acceptedOnly, hourBits, interfaceKey, isAction, isOurs, stored, type SqlScope } from './scope.ts';

/** No list is longer. */
export const MOST_VANISHED = 2000;
/** From here up clients choose their ports. */
const EPHEMERAL = 32_768;

/** Hours that are looked at: some from all over the time before, in so many of which something steady is at least; and the last ones. */
export interface LookedAt {
  readonly samples: readonly number[];
  readonly least: number;
  readonly end: readonly number[];
}

/** A link: a source at a port of an address, at one interface. */
export interface LinkKey {
  readonly interface: Key;
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
}

/** An address that answers from a port. */
export interface ServiceKey {
  readonly address: Key;
  readonly port: number;
  readonly protocol: number;
}

const among = (column: string, hours: readonly number[]): string =>
  `${column} IN (${hours.map(integerLiteral).join(', ')})`;

/** Hours that are looked at as the rows `h`, with a bit for each sample and one for all hours of the end. */
function bitsOf({ samples }: LookedAt, end: readonly number[], dialect: Dialect): string {
  const bits = [...samples.map((hour, place) => [hour, 2 ** place] as const), ...end.map((hour) => [hour, 2 ** samples.length] as const)]; // prettier-ignore
  return hourBits(dialect, new Map(bits));
}

/**
 * What was there in enough of the sampled hours, and in none of the end: that of the rows of a group, by the bits of their hours. Bits
 * take a fraction of the time that different hours take to count.
 */
function steadyThenGone({ samples, least }: LookedAt, dialect: Dialect): string {
  const mask = dialect.bitOr('h.bit');
  return `${mask} < ${2 ** samples.length} AND ${dialect.bitCount(mask)} >= ${integerLiteral(least)}`;
}

/** What is looked for, of which rows, by which columns, and what a row counts. */
interface Sought {
  readonly table: string;
  readonly keys: readonly string[];
  readonly conditions: string;
  /** Further ones that take long: a database tries all of one table before it looks up its hours. */
  readonly costly?: string;
  readonly weight: string;
}

/**
 * The statements whose last one gives the keys of what was there steadily, and is no more, the busiest first. Only what is not there
 * in one of the last hours either is looked for in all of them.
 */
function goneOf({ table, keys, conditions, costly = 'TRUE', weight }: Sought, at: LookedAt, { dialect }: SqlScope): readonly string[] {
  const inTime = costly === 'TRUE' ? '' : ` AND CASE WHEN h.bit > 0 THEN ${costly} ELSE FALSE END`;
  const names = keys.map((_, place) => `k${place}`);
  const isThere = `max(CASE WHEN ${conditions} AND ${costly} THEN 1 ELSE 0 END)`;
  return [
    dialect.dropTemporary('vanished_maybe'),
    dialect.createTemporary(
      'vanished_maybe',
      `SELECT ${keys.map((key, place) => `${key} AS ${names[place]}`).join(', ')}, ${weight} AS n
       FROM ${table} f JOIN ${bitsOf(at, at.end.slice(-1), dialect)} ON h.hour = f.hour
       WHERE ${conditions}${inTime}
       GROUP BY ${keys.join(', ')} HAVING ${steadyThenGone(at, dialect)}`,
    ),
    `SELECT ${names.map((name) => `m.${name}`).join(', ')} FROM (
       SELECT * FROM vanished_maybe ${dialect.antiJoin} (
         SELECT ${names.join(', ')} FROM (
           SELECT ${names.map((name) => `v.${name} AS ${name}`).join(', ')}, ${isThere} AS there FROM ${table} f
           JOIN vanished_maybe v ON ${keys.map((key, place) => `v.${names[place]} = ${key}`).join(' AND ')}
           WHERE ${among('f.hour', at.end)} GROUP BY ${names.map((name) => `v.${name}`).join(', ')}) e
         WHERE there = 1) t USING (${names.join(', ')})) m
     ORDER BY m.n DESC, ${names.map((name) => `m.${name}`).join(', ')} LIMIT ${MOST_VANISHED}`,
  ];
} // prettier-ignore

const looked = ({ samples, end }: LookedAt): string => among('f.hour', [...samples, ...end]);

/** Addresses that were sending steadily, and send nothing any more, at whichever interface. Columns of the last statement: address. */
export function goneSenders(scope: SqlScope, at: LookedAt): readonly string[] {
  const conditions = `${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL`;
  return goneOf({ table: scope.dialect.tables.flowHours, keys: ['f.srcaddr'], conditions, weight: 'sum(f.flows)' }, at, scope); // prettier-ignore
}

/** Links that were used steadily, and are no more. Columns of the last statement: interface, src, dst, port, protocol. */
export function goneLinks(scope: SqlScope, at: LookedAt): readonly string[] {
  const conditions = `${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND f.dstaddr IS NOT NULL AND f.dstport IS NOT NULL AND f.dstport < ${EPHEMERAL}`;
  return goneOf({ table: scope.dialect.tables.flowHours, keys: linkColumns(scope), conditions, weight: 'sum(f.flows)' }, at, scope); // prettier-ignore
}

/** Ports of ours that answered steadily, with more than resets, and do no more. Columns of the last statement: address, port, protocol. */
export function goneServices(scope: SqlScope, own: readonly Key[], at: LookedAt): readonly string[] {
  const { dialect } = scope;
  const keys = ['f.srcaddr', stored(scope, 'srcport', -1), stored(scope, 'protocol', -1)];
  const flows = flowRows(dialect, {
    kind: 'alike',
    columns: ['srcaddr', 'srcport', 'protocol'],
    ranges: rangesOfHours([...at.samples, ...at.end]),
    ...acceptedOnly(scope),
    only: (words) => answers({ ...scope, dialect: words }),
  });
  const costly = `${flows.only} AND ${isOurs('f.srcaddr', own, dialect)}`;
  return goneOf({ table: flows.table, keys, conditions: `f.srcport < ${EPHEMERAL}`, costly, weight: flows.count() }, at, scope); // prettier-ignore
}

export function dropVanished({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('vanished_maybe')];
}

/**
 * Interfaces that had records of any kind steadily, NODATA included, and have none any more though others of their VPC (else of their account) have.
 * Columns: interface.
 */
export function goneInterfaces(scope: SqlScope, at: LookedAt): string {
  const { dialect, columns, coverageColumns } = scope;
  const network = (has: ReadonlySet<string>): string =>
    has.has('vpc_id') ? `coalesce(f.vpc_id, ${dialect.noText})` : has.has('account_id') ? `coalesce(f.account_id, ${dialect.noText})` : dialect.noText; // prettier-ignore
  const records = (table: string, has: ReadonlySet<string>): string =>
    `SELECT ${interfaceKey({ columns: has, dialect })} AS interface, ${network(has)} AS network, f.hour AS hour FROM ${table} f WHERE ${looked(at)} GROUP BY ${interfaceKey({ columns: has, dialect })}, ${network(has)}, f.hour`;
  const all = [
    records(dialect.tables.interfaceHours, columns),
    ...(coverageColumns.has('interface_id') ? [records(dialect.tables.coverage, coverageColumns)] : []),
  ];
  return `
    WITH seen AS (SELECT DISTINCT interface, network, hour FROM (${all.join(' UNION ALL ')}) s)
    SELECT f.interface FROM seen f JOIN ${bitsOf(at, at.end, dialect)} ON h.hour = f.hour
    WHERE f.interface <> ${dialect.noText} AND f.network IN (SELECT network FROM seen WHERE ${among('hour', at.end)})
    GROUP BY f.interface HAVING ${steadyThenGone(at, dialect)} ORDER BY f.interface LIMIT ${MOST_VANISHED}`;
}

/** The two addresses of ours that were at most of some interfaces' records, that with most first. Columns: interface, address, flows. */
export function addressesAt(
  scope: SqlScope,
  interfaces: readonly Key[],
  own: readonly Key[],
  at: LookedAt,
): string {
  const { dialect } = scope;
  const end = (column: string): string => `
    SELECT ${interfaceKey(scope)} AS interface, ${column} AS address, sum(f.flows) AS n FROM ${dialect.tables.flowHours} f
    WHERE ${among('f.hour', at.samples)} AND ${interfaceKey(scope)} IN (${interfaces.map((key) => dialect.keyLiteral(key)).join(', ')}) AND ${isOurs(column, own, dialect)}
    GROUP BY ${interfaceKey(scope)}, ${column}`; // prettier-ignore
  return `
    SELECT interface, address, sum(n) AS n FROM (${end('f.srcaddr')} UNION ALL ${end('f.dstaddr')}) e
    GROUP BY interface, address QUALIFY row_number() OVER (PARTITION BY interface ORDER BY sum(n) DESC, address) <= 2 ORDER BY interface, n DESC, address`;
}

/** Which of some addresses any interface still logs as senders in the last hours. Columns: address. */
export function stillSending({ dialect }: SqlScope, addresses: readonly Key[], at: LookedAt): string {
  return `
    SELECT DISTINCT f.srcaddr FROM ${dialect.tables.flowHours} f
    WHERE ${among('f.hour', at.end)} AND f.srcaddr IN (${addresses.map((key) => dialect.addressLiteral(key)).join(', ')})`;
}

/** Which of some links, by their places among them, any interface still logs in the last hours. Columns: place. */
export function stillLogged(scope: SqlScope, links: readonly LinkKey[], at: LookedAt): string {
  const { dialect } = scope;
  const rows = links.map((one, index) => `(${index}, ${dialect.addressLiteral(one.src)}, ${dialect.addressLiteral(one.dst)}, ${integerLiteral(one.port)}, ${integerLiteral(one.protocol)})`);
  return `
    SELECT DISTINCT c.id FROM ${dialect.tables.flowHours} f
    JOIN (SELECT * FROM (VALUES ${rows.join(', ')}) v(id, src, dst, port, protocol)) c
      ON c.src = f.srcaddr AND c.dst = f.dstaddr AND c.port = ${stored(scope, 'dstport', -1)} AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${among('f.hour', at.end)}`;
} // prettier-ignore

/**
 * What is steady: it is there in so many hours at least, and in this share of those from its first to its last, of which so many may be
 * unknown.
 */
export interface Steadiness {
  readonly hours: number;
  readonly share: number;
  readonly unknown: number;
}

/** That rows of an hour each, of what a column names, may be of something steady: of the others no hour need be read. */
function maySteady(column: string, { hours, share, unknown }: Steadiness): string {
  const all = `OVER (PARTITION BY ${column})`;
  // No difference is taken that may be less than 0, since hours have no sign.
  return `count(*) ${all} >= ${share} * ${integerLiteral(hours)} AND count(*) ${all} + ${share} * ${integerLiteral(unknown)} >= ${share} * (max(f.hour) ${all} + 1 - min(f.hour) ${all})`;
}

/** Of those that may be steady. Columns: address, interface, hour, flows. */
export function senderHours(scope: SqlScope, addresses: readonly Key[], [from, to]: readonly [number, number], steady: Steadiness): string {
  const { dialect } = scope;
  return `
    SELECT f.srcaddr, ${interfaceKey(scope)}, f.hour, sum(f.flows) FROM ${dialect.tables.flowHours} f
    WHERE ${isAction(scope, 'ACCEPT')} AND f.srcaddr IN (${addresses.map((key) => dialect.addressLiteral(key)).join(', ')}) AND ${between(from, to)}
    GROUP BY f.srcaddr, ${interfaceKey(scope)}, f.hour QUALIFY ${maySteady('f.srcaddr', steady)} ORDER BY f.srcaddr, f.hour`;
} // prettier-ignore

/** Of those that may be steady. Columns: index of the link, interface, hour, flows. */
export function linkHours(scope: SqlScope, links: readonly LinkKey[], [from, to]: readonly [number, number], steady: Steadiness): string {
  const { dialect } = scope;
  const rows = links.map((one, index) => `(${index}, ${dialect.keyLiteral(one.interface)}, ${dialect.addressLiteral(one.src)}, ${dialect.addressLiteral(one.dst)}, ${integerLiteral(one.port)}, ${integerLiteral(one.protocol)})`);
  return `
    SELECT c.id, c.interface, f.hour, sum(f.flows) FROM ${dialect.tables.flowHours} f
    JOIN (SELECT id, interface, src, dst, CAST(v.port AS ${dialect.storageType(fieldOf('dstport'))}) AS port, protocol FROM (VALUES ${rows.join(', ')}) v(id, interface, src, dst, port, protocol)) c
      ON c.src = f.srcaddr AND c.dst = f.dstaddr AND c.port = f.dstport
    WHERE ${isAction(scope, 'ACCEPT')} AND ${between(from, to)}
      AND CASE WHEN c.id >= 0 THEN c.interface = ${interfaceKey(scope)} AND c.protocol = ${stored(scope, 'protocol', -1)} ELSE FALSE END
    GROUP BY c.id, c.interface, f.hour QUALIFY ${maySteady('c.id', steady)} ORDER BY c.id, f.hour`;
} // prettier-ignore

/** Columns: index of the service, interface, hour, flows that answered. */
export function serviceHours(scope: SqlScope, services: readonly ServiceKey[], [from, to]: readonly [number, number]): string {
  const { dialect } = scope;
  const chosen = serviceRows(services, dialect);
  const flows = flowRows(dialect, {
    kind: 'alike',
    columns: ['interface_id', 'srcaddr', 'srcport', 'protocol'],
    ranges: [{ from: from * 3600, to: (to + 1) * 3600 }],
    ...acceptedOnly(scope),
    among: {
      fields: ['srcaddr', 'srcport'],
      select: `SELECT DISTINCT address AS srcaddr, port AS srcport FROM (${chosen}) c`,
    },
    only: (words) => answers({ ...scope, dialect: words }),
  });
  return `
    SELECT c.id, ${interfaceKey(scope)}, f.hour, ${flows.count()} FROM ${flows.table} f
    JOIN (${chosen}) c ON c.address = f.srcaddr AND c.port = f.srcport AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${flows.only} AND ${between(from, to)} GROUP BY c.id, ${interfaceKey(scope)}, f.hour ORDER BY c.id, f.hour`;
} // prettier-ignore

/** What was sent to services, answered or not. Columns: index of the service, interface, hour, flows. */
export function questionHours(scope: SqlScope, services: readonly ServiceKey[], [from, to]: readonly [number, number]): string {
  const { dialect } = scope;
  return `
    SELECT c.id, ${interfaceKey(scope)}, f.hour, sum(f.flows) FROM ${dialect.tables.flowHours} f
    JOIN (${serviceRows(services, dialect)}) c ON c.address = f.dstaddr AND c.port = f.dstport AND c.protocol = ${stored(scope, 'protocol', -1)}
    WHERE ${isAction(scope, 'ACCEPT')} AND ${between(from, to)} GROUP BY c.id, ${interfaceKey(scope)}, f.hour ORDER BY c.id, f.hour`;
} // prettier-ignore

function serviceRows(services: readonly ServiceKey[], dialect: Dialect): string {
  const rows = services.map((one, index) => `(${index}, ${dialect.addressLiteral(one.address)}, ${integerLiteral(one.port)}, ${integerLiteral(one.protocol)})`);
  return `SELECT * FROM (VALUES ${rows.join(', ')}) v(id, address, port, protocol)`;
} // prettier-ignore

/** Whether interfaces without traffic are logged (NODATA) in the hours that are looked at. Columns: records. */
export function idleRecords({ dialect, coverageColumns }: SqlScope, at: LookedAt): string | null {
  if (!coverageColumns.has('log_status') || !coverageColumns.has('interface_id')) return null;
  return `SELECT count(*) FROM ${dialect.tables.coverage} f WHERE log_status = ${dialect.closedText('NODATA')} AND ${looked(at)}`;
}

/** The hours in which interfaces left records of any kind. Columns: interface, interface again, hour, flows. */
export function interfaceHours(scope: SqlScope, interfaces: readonly Key[], [from, to]: readonly [number, number]): string {
  const { dialect, columns, coverageColumns } = scope;
  const records = (table: string, has: ReadonlySet<string>, amount: string): string => {
    const key = interfaceKey({ columns: has, dialect });
    return `SELECT ${key} AS interface, f.hour AS hour, ${amount} AS n FROM ${table} f WHERE ${key} IN (${interfaces.map((one) => dialect.keyLiteral(one)).join(', ')}) AND ${between(from, to)} GROUP BY ${key}, f.hour`;
  };
  const all = [records(dialect.tables.interfaceHours, columns, 'sum(f.flows)'), ...(coverageColumns.has('interface_id') ? [records(dialect.tables.coverage, coverageColumns, '0')] : [])];
  return `SELECT interface, interface AS again, hour, sum(n) FROM (${all.join(' UNION ALL ')}) s GROUP BY interface, hour ORDER BY interface, hour`;
} // prettier-ignore

/** That a row of flows may be an answer of a service: no reset, and not from the end that began. */
function answers(scope: SqlScope): string {
  return `${isAction(scope, 'ACCEPT')} AND f.srcport < ${EPHEMERAL} AND ${sourceBegan('f', scope.columns, scope.dialect)} IS NOT TRUE AND NOT ${isReset(scope)}`;
}

function linkColumns(scope: SqlScope): readonly string[] {
  return [interfaceKey(scope), 'f.srcaddr', 'f.dstaddr', stored(scope, 'dstport', -1), stored(scope, 'protocol', -1)]; // prettier-ignore
}

function between(from: number, to: number): string {
  return `f.hour BETWEEN ${integerLiteral(from)} AND ${integerLiteral(to)}`;
}
