import { integerLiteral } from '../binder.ts';
import type { Key } from '../key.ts';
import { FIRST_HIGH_PORT, isHigh, isOutward } from './outbound-hours.ts';
import { interfaceKey, isAction, isOurs, withinHours, type SqlScope } from './scope.ts';

/** No list is longer, whatever the logs hold. */
export const MOST_SENDERS = 300;
const MOST_PEERS = 5000;
const MOST_DESTINATIONS = 100;
const MOST_COPIES = 200;

/** An hour with less is not worth a look. */
export const LEAST_HOUR_BYTES = 20_000_000;
/** Nor is one that is not so many times the mean of all known hours: what lasts longer than a third of them is usual. */
const ABOVE_MEAN = 3;

/** A machine at one interface, and whether what it sends goes to high ports. */
export interface Sender {
  readonly id: number;
  readonly interface: Key;
  readonly src: Key;
  readonly toHighPorts: boolean;
}

/** Machines with an hour far above their mean. Columns: interface, src, high, bytes in all. */
export function highSenders(knownHours: number): string {
  return `
    SELECT interface, src, high, sum(bytes) FROM outbound_hour GROUP BY interface, src, high
    HAVING max(bytes) >= ${LEAST_HOUR_BYTES} AND max(bytes) * ${integerLiteral(knownHours)} >= ${ABOVE_MEAN} * sum(bytes)
    ORDER BY max(bytes) DESC, interface, src, high LIMIT ${MOST_SENDERS}`;
}

/** Columns: id, hour, bytes, records. */
export function hoursOfSenders(scope: SqlScope, senders: readonly Sender[]): string {
  return `
    SELECT s.id, h.hour, h.bytes, h.records FROM (${senderRows(scope, senders)}) s
    JOIN outbound_hour h ON h.interface = s.interface AND h.src = s.src AND h.high = s.high ORDER BY s.id, h.hour`;
}

/** What every machine sent in the chosen hours of a sender. Columns: id, interface, src, bytes. */
export function peersInHours(scope: SqlScope, chosen: readonly ChosenHours[]): string {
  return `
    SELECT c.id, h.interface, h.src, sum(h.bytes) FROM (${hourRows(scope, chosen)}) c
    JOIN outbound_hour h ON h.hour = c.hour AND h.high = c.high
    GROUP BY c.id, h.interface, h.src
    QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY sum(h.bytes) DESC, h.interface, h.src) <= ${MOST_PEERS}
    ORDER BY c.id, sum(h.bytes) DESC, h.interface, h.src`;
}

/** Every machine that sent anything outside, those that sent most first. Columns: interface, src, bytes. */
export function allSenders(): string {
  return `
    SELECT interface, src, sum(bytes) FROM outbound_hour GROUP BY interface, src
    ORDER BY sum(bytes) DESC, interface, src LIMIT ${MOST_PEERS}`;
}

/** A sender with the hours (since 1970) that stand out. */
export interface ChosenHours extends Sender {
  readonly hours: readonly number[];
}

/**
 * To whom a sender sent in its chosen hours. Columns: id, dst, dstport (-1: a high one, or none), bytes, addresses (how many it
 * sent to in all: the list is cut).
 */
export function destinationsInHours(
  scope: SqlScope,
  own: readonly Key[],
  chosen: readonly ChosenHours[],
): string {
  const { dialect } = scope;
  const port = scope.columns.has('dstport')
    ? `CASE WHEN f.dstport < ${FIRST_HIGH_PORT} THEN CAST(f.dstport AS ${dialect.types.int}) ELSE -1 END`
    : `CAST(-1 AS ${dialect.types.int})`;
  return `
    WITH sent AS (
      SELECT c.id AS id, f.dstaddr AS dst, ${port} AS port, ${dialect.sum('f.bytes')} AS bytes
      FROM ${dialect.tables.flowHours} f JOIN (${hourRows(scope, chosen)}) c
        ON c.hour = f.hour AND c.src = f.srcaddr AND c.interface = ${interfaceKey(scope)} AND c.high = ${isHigh(scope)}
      WHERE f.hour IN (${[...new Set(chosen.flatMap(({ hours }) => hours))].map(integerLiteral).join(', ')}) AND ${isOutward(scope, own)}
      GROUP BY c.id, f.dstaddr, ${port})
    SELECT s.id, s.dst, s.port, s.bytes, a.addresses
    FROM (
      SELECT id, dst, port, bytes FROM sent
      QUALIFY row_number() OVER (PARTITION BY id ORDER BY bytes DESC, dst, port) <= ${MOST_DESTINATIONS}) s
    JOIN (SELECT id, count(DISTINCT dst) AS addresses FROM sent GROUP BY id) a ON a.id = s.id
    ORDER BY s.id, s.bytes DESC, s.dst, s.port`;
}

/** When any machine of ours first sent to some addresses. Columns: dst, hour. */
export function firstSentTo(scope: SqlScope, own: readonly Key[], destinations: readonly Key[]): string {
  const { dialect } = scope;
  // The other conditions are said of these destinations alone, since a database tries those of one table on all of its rows first.
  const sent = `min(CASE WHEN ${isOutward(scope, own)} THEN f.hour END)`;
  return `
    SELECT f.dstaddr, ${sent} FROM ${dialect.tables.flowHours} f
    WHERE ${withinHours(scope, scope.sumsFrom ?? scope.from, scope.to)}
      AND f.dstaddr IN (${destinations.map((key) => dialect.addressLiteral(key)).join(', ')})
    GROUP BY f.dstaddr HAVING ${sent} IS NOT NULL ORDER BY f.dstaddr`;
}

/**
 * What others, or the same address at other interfaces, sent to a sender's destinations in its chosen hours: a NAT gateway
 * or a firewall logs the bytes of the machine behind it once more. Columns: id, interface, src, bytes.
 */
export function copiesInHours(
  scope: SqlScope,
  own: readonly Key[],
  chosen: readonly (ChosenHours & { readonly destinations: readonly Key[] })[],
): string {
  const { dialect } = scope;
  const destinations = chosen.flatMap(({ id, destinations: all }) =>
    [...new Set(all)].map(
      (key) => `SELECT ${integerLiteral(id)} AS id, ${dialect.addressLiteral(key)} AS dst`,
    ),
  );
  const face = interfaceKey(scope);
  return `
    SELECT c.id, ${face} AS face, f.srcaddr AS sender, ${dialect.sum('f.bytes')} AS amount
    FROM ${dialect.tables.flowHours} f
    JOIN (SELECT h.id AS id, h.src AS src, h.interface AS interface, h.high AS high, h.hour AS hour, d.dst AS dst
      FROM (${hourRows(scope, chosen)}) h JOIN (${destinations.join(' UNION ALL ')}) d ON d.id = h.id) c
      ON c.hour = f.hour AND c.dst = f.dstaddr AND c.high = ${isHigh(scope)}
    WHERE f.hour IN (${[...new Set(chosen.flatMap(({ hours }) => hours))].map(integerLiteral).join(', ')}) AND ${isOutward(scope, own)}
      AND NOT (f.srcaddr = c.src AND ${face} = c.interface)
    GROUP BY c.id, ${face}, f.srcaddr ORDER BY amount DESC, c.id, face, sender LIMIT ${MOST_COPIES}`;
}

/** What came to a sender from inside in its chosen hours, by the interface that logged it. Columns: id, interface, bytes. */
export function receivedInHours(
  scope: SqlScope,
  own: readonly Key[],
  chosen: readonly ChosenHours[],
): string {
  const { dialect } = scope;
  const face = interfaceKey(scope);
  return `
    SELECT c.id, ${face} AS face, ${dialect.sum('f.bytes')} AS amount
    FROM ${dialect.tables.flowHours} f JOIN (${hourRows(scope, chosen)}) c ON c.hour = f.hour AND c.src = f.dstaddr
    WHERE f.hour IN (${[...new Set(chosen.flatMap(({ hours }) => hours))].map(integerLiteral).join(', ')})
      AND ${isAction(scope, 'ACCEPT')} AND f.srcaddr IS NOT NULL AND ${isOurs('f.srcaddr', own, dialect)}
    GROUP BY c.id, ${face} ORDER BY amount DESC, c.id, face LIMIT ${MOST_COPIES}`;
}

function senderRow({ dialect }: SqlScope, { id, interface: face, src, toHighPorts }: Sender): string {
  return `SELECT ${integerLiteral(id)} AS id, ${dialect.keyLiteral(face)} AS interface, ${dialect.addressLiteral(src)} AS src, ${toHighPorts ? 1 : 0} AS high`;
}

function senderRows(scope: SqlScope, senders: readonly Sender[]): string {
  return senders.map((sender) => senderRow(scope, sender)).join(' UNION ALL ');
}

function hourRows(scope: SqlScope, chosen: readonly ChosenHours[]): string {
  const hours = chosen.flatMap(({ id, hours: all }) =>
    all.map((hour) => `SELECT ${integerLiteral(id)} AS id, ${integerLiteral(hour)} AS hour`),
  );
  return `SELECT s.id AS id, s.interface AS interface, s.src AS src, s.high AS high, h.hour AS hour
    FROM (${senderRows(scope, chosen)}) s JOIN (${hours.join(' UNION ALL ')}) h ON h.id = s.id`;
}
