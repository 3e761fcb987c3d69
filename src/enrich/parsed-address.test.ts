import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { parsedAddress } from './parsed-address.ts';

test('reads addresses as the library does, whatever is not an address too', () => {
  const byte = fc.oneof(fc.nat(255), fc.nat(300), fc.constantFrom('00', '010', '0x1f', '', '-1', '1e1'));
  const texts = fc.oneof(
    fc.array(byte, { minLength: 3, maxLength: 5 }).map((bytes) => bytes.join('.')),
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ maxLength: 12 }),
  );
  const property = fc.property(texts, (text) => {
    // The library misreads IPv6 addresses with dots; URLs write them without.
    const plain =
      text.includes(':') && ipaddr.isValid(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
    const expected = ipaddr.isValid(text) ? ipaddr.parse(plain).toString() : null;
    expect([parsedAddress(text)?.toString() ?? null, parsedAddress(text)?.toString() ?? null]).toEqual([
      expected,
      expected,
    ]);
  });
  fc.assert(property, { numRuns: 2000, seed: 1 });
});

test('the last 32 bits of an IPv6 address may be written with dots, as ClickHouse does', () => {
  expect(parsedAddress('::1.2.3.4')?.toString()).toBe('::102:304');
  expect(parsedAddress('::ffff:1.2.3.4')?.toString()).toBe(ipaddr.parse('::ffff:1.2.3.4').toString());
});
