import type { Field } from '../../../model/catalog/field.ts';

/**
 * How records lie in ClickHouse. Every column says its value by itself, so that nothing has to be looked up:
 *
 * - text is `LowCardinality(Nullable(String))`: ClickHouse keeps the dictionary, a part at a time;
 * - an address is an `IPv6`, an IPv4 address the one that stands for it there (::ffff:a.b.c.d, RFC 4291, 2.5.5.2): sixteen
 *   bytes that compress well, order and prune, and a block of either family is a range. An IPv6 address of that very
 *   block can't be distinguished from the IPv4 address; no flow log of AWS has one;
 * - `start` and `end` are Unix seconds, `hour` is start / 3600 (whole), as the planner works with;
 * - counters are `Int64`; sums of them are made as `Int128`, since ClickHouse lets narrower ones overflow.
 *
 * Tables: `flow`, `flow_hour`, `flow_port_day`, `coverage_record`, `logged_hour` with the columns that DuckDB's have, a column
 * for a field once an input has logged it; and the enrichment tables (`enrichment_address`, …, see `sql/derived/enrichment-layout.ts`).
 * Ordered as questions prune: by hour, action and addresses, which may be null (`allow_nullable_key`).
 */

/** The ClickHouse type that stores a field. */
export function storageType(field: Pick<Field, 'type' | 'max'>): string {
  switch (field.type) {
    case 'address':
      return 'Nullable(IPv6)';
    case 'counter':
      return 'Nullable(Int64)';
    case 'text':
      return 'LowCardinality(Nullable(String))';
    case 'time':
      return 'Nullable(UInt32)';
    case 'integer':
      return `Nullable(${integerType(field.max ?? 0)})`;
  }
}

function integerType(max: number): string {
  if (max <= 0xff) return 'UInt8';
  return max <= 0xffff ? 'UInt16' : 'UInt32';
}

/** The first and the last of the IPv6 addresses that stand for IPv4 ones, as numbers. */
export const FIRST_IPV4 = 0xff_ff_00_00_00_00n;
export const LAST_IPV4 = 0xff_ff_ff_ff_ff_ffn;

/** The text of an IPv6 address, as ClickHouse reads it: all eight groups. */
export function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(':');
}

/** The number that stands for an address of either family. */
export function addressNumber({
  version,
  value,
}: {
  readonly version: 4 | 6;
  readonly value: bigint;
}): bigint {
  return version === 4 ? FIRST_IPV4 + value : value;
}

/**
 * An expression of an address's text as people read it: dotted, or for IPv6 as RFC 5952 has it. ClickHouse itself writes an
 * IPv4 address as `::ffff:a.b.c.d`, and `::102:304` as `::1.2.3.4`.
 */
export function readableAddress(column: string): string {
  const text = `toString(${column})`;
  const four = `IPv4StringToNumOrDefault(substring(${text}, 3))`;
  const group = (number: string): string =>
    `replaceRegexpOne(lower(hex(toUInt16(${number}))), '^0{1,3}', '')`;
  return (
    `multiIf(isIPv4String(substring(${text}, 8)), substring(${text}, 8), isIPv4String(substring(${text}, 3)), ` +
    `concat('::', ${group(`bitShiftRight(${four}, 16)`)}, ':', ${group(`bitAnd(${four}, 65535)`)}), ${text})`
  );
}

/** A text as ClickHouse's SQL says it: backslashes escape in it, and NUL may stand there. */
export function textLiteral(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0');
  return `'${escaped}'`;
}

/** An identifier, whatever is in it. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
