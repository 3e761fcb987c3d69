import type { FlowNeed } from '../flow-need.ts';
import { type FlowRows, flowRows } from '../flow-rows.ts';
import {
  acceptedOnly,
  interfaceKey,
  isAction,
  knownPort,
  stored,
  type SqlScope,
  timesAmount,
} from './scope.ts';

/** Bits of `tcp_flags`. */
const [SYN, RST] = [2, 4];
/** A TCP reset has exactly so many bytes a packet over IPv4, and so many over IPv6. */
const [RESET_BYTES, RESET_BYTES_IPV6] = [40, 60];
/** A packet that opens or closes a TCP connection has so many bytes at most, over IPv4 and over IPv6: it carries no data. */
const [EMPTY_BYTES, EMPTY_BYTES_IPV6] = [60, 80];

/** That a row of flows `f` is nothing but TCP resets: by its flags where they are logged, else by its size. */
export function isReset(scope: SqlScope): string {
  const { columns, dialect } = scope;
  const bySize = `coalesce(f.bytes = ${size(RESET_BYTES, RESET_BYTES_IPV6, scope)}, FALSE)`;
  if (!columns.has('tcp_flags')) return `(f.protocol = 6 AND ${bySize})`;
  const flags = `CAST(f.tcp_flags AS ${dialect.types.int})`;
  const byFlags = `${dialect.bitAnd(flags, SYN | RST)} = ${RST}`;
  return `(f.protocol = 6 AND CASE WHEN f.tcp_flags IS NULL THEN ${bySize} ELSE ${byFlags} AND f.bytes <= ${size(EMPTY_BYTES, EMPTY_BYTES_IPV6, scope)} END)`;
}

/** That a row of flows `f` carries data: its packets are larger than those that only open, acknowledge or close. */
export function carriesData(scope: SqlScope): string {
  return `(f.protocol <> 6 OR f.bytes > ${size(EMPTY_BYTES, EMPTY_BYTES_IPV6, scope)})`;
}

function size(four: number, six: number, { dialect }: SqlScope): string {
  const each = `CASE WHEN ${dialect.isIpv6('f.srcaddr')} THEN ${six} ELSE ${four} END`;
  return `(${timesAmount(each, 'f.packets', dialect)})`;
}

/** That a row of flows `f` goes from an exposed port `d` (columns dst, port, which is known, and protocol), accepted: the way that its answers take. */
export function goesBack(scope: SqlScope): string {
  return `${isAction(scope, 'ACCEPT')} AND d.dst = f.srcaddr AND d.port = ${knownPort(scope, 'srcport')} AND d.protocol = ${stored(scope, 'protocol', -1)}`;
}

/**
 * Flows of the range, with more than resets (`only`), that were let out of some ports.
 * @param ends what is read of their ends
 */
export function answerRows(
  scope: SqlScope,
  ends: readonly string[],
  among: NonNullable<FlowNeed<unknown>['among']>,
): FlowRows {
  return flowRows(scope.dialect, {
    kind: 'alike',
    columns: [...ends, 'srcport', 'protocol', 'action'],
    ranges: [scope],
    ...acceptedOnly(scope),
    among,
    only: (dialect) => `NOT ${isReset({ ...scope, dialect })}`,
  });
}

/** That a row of flows (or of hourly sums) `f` goes to an exposed port `d` (columns interface, dst, port, which is known, and protocol). */
export function comesTo(scope: SqlScope): string {
  return `d.dst = f.dstaddr AND d.port = ${knownPort(scope, 'dstport')} AND d.protocol = ${stored(scope, 'protocol', -1)} AND d.interface = ${interfaceKey(scope)}`;
}
