import type { Field } from '../../../model/catalog/field.ts';
import { parseAddress } from '../../../model/query/address-block.ts';
import { canonicalIpv6 } from '../../../model/query/ip-address.ts';
import type { Cell } from '../../../model/query/answer.ts';
import { formatInstant } from '../../../model/query/format-query.ts';
import { numberCell } from '../../number-cell.ts';
import type { KeyLookup } from '../dialect.ts';
import { FIRST_IPV4, LAST_IPV4, ipv6Text } from './clickhouse-layout.ts';

/** Keys are values: nothing is looked up. IPv4 addresses come before IPv6 ones. */
export function resolveKey(field: Field, key: string): KeyLookup {
  const order = field.type === 'address' ? [isIpv6(key), key] : [key];
  return { join: '', many: false, text: null, order };
}

/** Whether an address is of IPv6; null of null. */
export function isIpv6(key: string): string {
  const [first, last] = [FIRST_IPV4, LAST_IPV4].map((value) => `toIPv6('${ipv6Text(value)}')`);
  return `(${key} < ${first} OR ${key} > ${last})`;
}

/** The cell for a key, as a column of the field or as text (`keyText`). */
export function cell(field: Field, key: unknown): Cell {
  if (key === null || key === undefined) return null;
  switch (field.type) {
    case 'text':
      return String(key);
    case 'address':
      return addressText(String(key));
    case 'integer':
      return Number(key);
    case 'counter':
      return numberCell(typeof key === 'string' ? BigInt(key) : key);
    case 'time':
      return formatInstant(Number(key) * 1000);
  }
}

/** An address as people read it, of the text that ClickHouse writes. */
export function addressText(key: string): string {
  const four = ipv4Of(key);
  return four === null
    ? (canonicalIpv6(key) ?? key)
    : [24, 16, 8, 0].map((shift) => (four >>> shift) & 255).join('.');
}

/** The number of an IPv4 address; null for one of IPv6. */
export function ipv4Of(key: string): number | null {
  const value = parseAddress(key)?.value ?? -1n;
  return value >= FIRST_IPV4 && value <= LAST_IPV4 ? Number(value - FIRST_IPV4) : null;
}
