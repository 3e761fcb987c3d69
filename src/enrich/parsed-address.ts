import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Nearly all addresses are written so; the library would try several forms on each. */
const dotted = /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])(?:\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])){3}$/;

let last: { readonly text: string; readonly address: Address | null } = { text: '', address: null };

/**
 * An address, read; null for what is none. Much is asked of one address after the other, so the last one is kept: reading
 * takes longer than all that is asked.
 */
export function parsedAddress(text: string): Address | null {
  if (last.text !== text) last = { text, address: read(text) };
  return last.address;
}

function read(text: string): Address | null {
  if (dotted.test(text)) return new ipaddr.IPv4(text.split('.').map(Number));
  return ipaddr.isValid(text) ? ipaddr.parse(text) : null;
}
