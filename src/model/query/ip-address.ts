import ipaddr from 'ipaddr.js';

/** The 32-bit number of a strict dotted quad (four numbers 0..255, no leading zeros), or -1. */
export function ipv4Number(text: string): number {
  let address = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return -1;
    } else {
      if (digit !== -2 || octet < 0 || dots === 3) return -1;
      address = address * 256 + octet;
      octet = -1;
      dots += 1;
    }
  }
  return dots === 3 && octet >= 0 ? address * 256 + octet : -1;
}

const IPV6_SHAPE = /^[0-9a-fA-F:]+(?:\d+\.\d+\.\d+\.\d+)?$/;

/**
 * The canonical text (RFC 5952) of an IPv6 address (RFC 4291, without a zone), or null.
 * IPv4-mapped addresses keep their dotted end: `::ffff:10.0.0.1`.
 */
export function canonicalIpv6(text: string): string | null {
  if (text.length > 45 || !text.includes(':') || !IPV6_SHAPE.test(text)) return null;
  const hex = withoutDots(text);
  if (hex === null || !ipaddr.IPv6.isValid(hex)) return null;
  const address = ipaddr.IPv6.parse(hex);
  if (address.isIPv4MappedAddress()) return `::ffff:${address.toIPv4Address().toString()}`;
  return address.toRFC5952String();
}

/** The 128 bits of an IPv6 address (RFC 4291, without a zone), or null. */
export function ipv6Number(text: string): bigint | null {
  const hex = text.includes(':') ? withoutDots(text) : null;
  if (hex === null || !ipaddr.IPv6.isValid(hex)) return null;
  return ipaddr.IPv6.parse(hex).parts.reduce((value, part) => (value << 16n) | BigInt(part), 0n);
}

/** The same address with its dotted end, if it has one, as two hexadecimal groups: ipaddr.js misreads `::1.2.3.4`. */
function withoutDots(text: string): string | null {
  if (!text.includes('.')) return text;
  const at = text.lastIndexOf(':') + 1;
  const number = ipv4Number(text.slice(at));
  if (number < 0) return null;
  return `${text.slice(0, at)}${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
}
