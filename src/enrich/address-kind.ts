import ipaddr from 'ipaddr.js';
import { parsedAddress } from './parsed-address.ts';

/** Usual names for ipaddr.js's names of ranges. All others are `reserved`. */
const kinds: Readonly<Record<string, string>> = {
  unicast: 'public',
  as112: 'public',
  as112v6: 'public',
  amt: 'public',
  private: 'private',
  uniqueLocal: 'private',
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
  broadcast: 'broadcast',
  unspecified: 'unspecified',
  carrierGradeNat: 'carrier-grade NAT',
  benchmarking: 'benchmarking',
  ipv4Mapped: 'IPv4-mapped',
  rfc6145: 'IPv4-translated',
  rfc6052: 'IPv4-translated',
  '6to4': '6to4',
  teredo: 'Teredo',
};

/** Ranges that the library calls reserved: RFC 5737, 3849 and 9637; RFC 2544. */
const four = {
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map((text) =>
    ipaddr.IPv4.parseCIDR(text),
  ),
  benchmarking: [ipaddr.IPv4.parseCIDR('198.18.0.0/15')],
};
const six = { documentation: ['2001:db8::/32', '3fff::/20'].map((text) => ipaddr.IPv6.parseCIDR(text)) };

/** What kind of address it is: public, private, loopback, …; null for a text that is not an address. */
export function addressKind(text: string): string | null {
  const address = parsedAddress(text);
  if (address === null) return null;
  const range = address.range();
  if (range !== 'reserved' && !(range === 'unicast' && address.kind() === 'ipv6'))
    return kinds[range] ?? 'reserved';
  return ipaddr.subnetMatch(address, address.kind() === 'ipv4' ? four : six, kinds[range] ?? 'reserved');
}
