import ipaddr from 'ipaddr.js';

/** A block of addresses, host bits cleared. `first` and `last` are inclusive; IPv6's are 128 bits. */
export interface AddressBlock {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A block such as `10.0.0.0/8` or `2001:db8::/32`; a bare address is a block of one. Null if the text is neither. */
export function parseBlock(text: string): AddressBlock | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = address.version === 4 ? 32 : 128;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return null;
  const size = 1n << BigInt(bits - Number(length));
  const first = (address.value / size) * size;
  return { version: address.version, first, last: first + size - 1n };
}

/** One address as a number. IPv4 in four decimal parts, IPv6 without a zone; null for anything else. */
export function parseAddress(text: string): { readonly version: 4 | 6; readonly value: bigint } | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return { version: 4, value: number(ipaddr.IPv4.parse(text).octets, 8n) };
  }
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)) {
    return { version: 6, value: number(ipaddr.IPv6.parse(text).parts, 16n) };
  }
  return null;
}

function number(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}
