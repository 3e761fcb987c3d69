import type { Key } from '../key.ts';
import { answeringPorts } from './quiet-pairs.ts';
import { interfaceKey, isAction, isOurs, stored, withinHours, type SqlScope } from './scope.ts';

/** From here up lie the ports that clients choose: what goes there are mostly replies. Rollups drop such a port. */
export const FIRST_HIGH_PORT = 32_768;

/** 1 for what goes to high ports: replies to clients mostly; 0 for what goes to a service's port. */
export function isHigh(scope: SqlScope): string {
  return scope.columns.has('dstport')
    ? `CASE WHEN f.dstport < ${FIRST_HIGH_PORT} THEN 0 ELSE 1 END`
    : `CASE WHEN f.srcaddr IS NULL THEN 1 ELSE 0 END`;
}

/** That a row of `f` was let out: from one of ours to an address outside that is one machine's. */
export function isOutward(scope: SqlScope, own: readonly Key[]): string {
  return `${isOurs('f.srcaddr', own, scope.dialect)} AND ${isLetOut(scope, own)}`;
}

/** The same of a row that is known to come from one of ours. */
export function isLetOut(scope: SqlScope, own: readonly Key[]): string {
  const { dialect } = scope;
  const literal = (address: number): string => dialect.addressLiteral(dialect.keyOfIpv4(address));
  return [
    isAction(scope, 'ACCEPT'),
    'f.dstaddr IS NOT NULL',
    `NOT ${isOurs('f.dstaddr', own, dialect)}`,
    `f.dstaddr NOT BETWEEN ${literal(0xe0000000)} AND ${literal(0xffffffff)}`,
  ]
    .join(' AND ')
    .concat(notTransit(scope));
}

/** A further condition: that no transit gateway logged a row of `f`, which log what the machines' interfaces log as well. */
export function notTransit({ columns }: SqlScope): string {
  return columns.has('tgw_id') ? ' AND f.tgw_id IS NULL' : '';
}

/** ICMP and ICMPv6: pings, their answers, and errors about what was sent, which logs do not tell apart. */
export const icmpProtocols: readonly number[] = [1, 58];

/** That a row of `f` is of traffic that is answered where somebody is there: TCP (unknown protocols are taken for it), pings, some UDP. */
export function wantsAnswer(scope: SqlScope): string {
  const protocol = stored(scope, 'protocol', 6);
  return `(${protocol} IN (6, ${icmpProtocols.join(', ')}) OR ${protocol} = 17 AND ${stored(scope, 'dstport', -1)} IN (${answeringPorts.join(', ')}))`;
}

/** 1 for a row of `f` of ICMP, 0 for others. */
function isIcmp(scope: SqlScope): string {
  return `CASE WHEN ${stored(scope, 'protocol', 6)} IN (${icmpProtocols.join(', ')}) THEN 1 ELSE 0 END`;
}

/** Bytes that all flows of an hour to one address and port have at most if they are tries to connect alone: a first filter, which is cheap. */
const MOST_BYTES_OF_TRIES = 640;

/** That a row of `f` may be of tries to connect alone. */
export function mayBeTries(): string {
  return `f.bytes <= ${MOST_BYTES_OF_TRIES}`;
}

/**
 * The table `outbound_hour`: bytes that each machine of ours sent outside in each hour, by the rollup, how many
 * of its rows may be of tries alone, and how many of those are of ICMP. Several searches start from it.
 */
export function createOutboundHours(scope: SqlScope, own: readonly Key[]): readonly string[] {
  const { dialect, columns } = scope;
  if (!columns.has('bytes')) return [];
  const keys = [interfaceKey(scope), 'f.srcaddr', isHigh(scope), 'f.hour'];
  const tries = (value: string): string =>
    `CAST(sum(CASE WHEN ${mayBeTries()} THEN ${value} ELSE 0 END) AS ${dialect.types.whole})`;
  return [
    dialect.createTemporary(
      'outbound_hour',
      `SELECT ${keys[0]} AS interface, f.srcaddr AS src, ${keys[2]} AS high, CAST(f.hour AS ${dialect.types.whole}) AS hour,
         ${dialect.sum('f.bytes')} AS bytes, CAST(sum(f.flows) AS ${dialect.types.whole}) AS records,
         ${tries('1')} AS tried, ${tries(isIcmp(scope))} AS pinged
       FROM ${dialect.tables.flowHours} f
       WHERE ${withinHours(scope, scope.from, scope.to)} AND f.bytes IS NOT NULL AND ${isOutward(scope, own)}
       GROUP BY ${keys.join(', ')}`,
    ),
  ];
}

export function dropOutboundHours({ dialect }: SqlScope): readonly string[] {
  return [dialect.dropTemporary('outbound_hour')];
}
