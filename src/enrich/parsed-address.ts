import ipaddr from 'ipaddr.js';
import { canonicalIpv6 } from '../model/query/ip-address.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Nearly all addresses have this form; the library would try several forms on each. */
const dotted = /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}$/;

let last: { readonly text: string; readonly address: Address | null } = { text: '', address: null };

/**
 * A parsed address; null for a text that is not an address. Several questions are asked about the same address in a
 * row, so the last one is cached: parsing takes longer than answering them.
 */
export function parsedAddress(text: string): Address | null {
  if (last.text !== text) last = { text, address: read(text) };
  return last.address;
}

function read(text: string): Address | null {
  if (dotted.test(text)) return new ipaddr.IPv4(text.split('.').map(Number));
  // The library misreads `::1.2.3.4`, as ClickHouse writes it.
  const plain = canonicalIpv6(text) ?? text;
  return ipaddr.isValid(plain) ? ipaddr.parse(plain) : null;
}
