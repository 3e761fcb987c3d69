import type { NetworkInterfaceInfo } from 'node:os';

/**
 * Where a datagram came to that a socket of all addresses got, since Node doesn't say: the only address of this machine
 * in that family, or loopback if it came from there.
 *
 * @param host the address that was listened on
 * @returns `host` itself where it is not a wildcard, or where this machine has several addresses, or none
 */
export function ownAddress(host: string, source: string, own: readonly NetworkInterfaceInfo[]): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const family = host === '::' ? 'IPv6' : 'IPv4';
  if (own.some((each) => each.internal && each.address === source)) return source;
  const addresses = own.filter(
    (each) => each.family === family && !each.internal && !/^fe[89ab]/i.test(each.address),
  );
  const [only] = addresses;
  return only === undefined || addresses.length > 1 ? host : only.address;
}
