import { addressForm, blockForm } from './address-form.ts';
import { ipv4Number, ipv6Number } from './ip-address.ts';

const address = new RegExp(addressForm);
const block = new RegExp(blockForm);

/** A block of addresses, host bits cleared. `first` and `last` are inclusive; IPv6's are 128 bits. */
export interface AddressBlock {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A block such as `10.0.0.0/8` or `2001:db8::/32`; a bare address is a block of one. Null if the text is neither. */
export function parseBlock(text: string): AddressBlock | null {
  if (!block.test(text)) return null;
  const [first = '', length] = text.split('/');
  const { version, value } = read(first);
  const bits = version === 4 ? 32 : 128;
  const size = 1n << BigInt(bits - Number(length ?? bits));
  const start = (value / size) * size;
  return { version, first: start, last: start + size - 1n };
}

/** One address as a number. IPv4 in four decimal parts, IPv6 without a zone; null for anything else. */
export function parseAddress(text: string): { readonly version: 4 | 6; readonly value: bigint } | null {
  const number = ipv4Number(text);
  if (number >= 0) return { version: 4, value: BigInt(number) };
  return address.test(text) ? read(text) : null;
}

function read(text: string): { readonly version: 4 | 6; readonly value: bigint } {
  return text.includes(':')
    ? { version: 6, value: ipv6Number(text) ?? 0n }
    : { version: 4, value: BigInt(ipv4Number(text)) };
}
