import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIpv6, ipv4Number } from './ip-address.ts';

test('an IPv4 address is four numbers without leading zeros', () => {
  expect(ipv4Number('10.0.0.1')).toBe(0x0a000001);
  expect(ipv4Number('255.255.255.255')).toBe(0xffffffff);
  for (const bad of [
    '',
    '10.0.0',
    '10.0.0.1.2',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.00',
    '10..0.1',
    '1.2.3.4 ',
    '.1.2.3',
    '1.2.3.',
  ]) {
    expect([bad, ipv4Number(bad)]).toEqual([bad, -1]);
  }
});

test.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['::', '::'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8::0001:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['::ffff:a00:1', '::ffff:10.0.0.1'],
  ['::1.2.3.4', '::102:304'],
  ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
])('%s is %s', (text, canonical) => {
  expect(canonicalIpv6(text)).toBe(canonical);
});

test.each([
  '',
  ':',
  '1::2::3',
  'fe80::1%eth0',
  '10.0.0.1',
  '12345::',
  '1:2:3:4:5:6:7',
  '::ffff:10.0.0.256',
  '::1.2.3',
  'g::',
])('%s is not an IPv6 address', (text) => {
  expect(canonicalIpv6(text)).toBeNull();
});

test("agrees with Node's parser on anything that resembles an address", () => {
  const soup = fc.string({ unit: fc.constantFrom(...'0123456789abcfF:.'), maxLength: 24 });
  const text = fc.oneof(soup, fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
  fc.assert(
    fc.property(text, (address) => {
      expect(ipv4Number(address) >= 0).toBe(isIPv4(address));
      const canonical = canonicalIpv6(address);
      expect(canonical !== null).toBe(isIPv6(address));
      if (canonical === null || canonical.startsWith('::ffff:')) return;
      expect(canonical).toBe(new URL(`http://[${address}]`).hostname.slice(1, -1));
    }),
    { numRuns: 2000 },
  );
});
