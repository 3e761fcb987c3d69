import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ownAddress } from './own-address.ts';

const own = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  mac: '',
  netmask: '',
  cidr: null,
  ...(address.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});

test("a wildcard address becomes the machine's only address, if there is just one", () => {
  const one = [own('127.0.0.1', true), own('::1', true), own('10.0.0.5'), own('2001:db8::5'), own('fe80::1')];
  expect(ownAddress('0.0.0.0', '198.51.100.1', one)).toBe('10.0.0.5');
  expect(ownAddress('::', '2001:db8:1::1', one)).toBe('2001:db8::5');
  expect(ownAddress('0.0.0.0', '127.0.0.1', one)).toBe('127.0.0.1');
  expect(ownAddress('10.0.0.9', '198.51.100.1', one)).toBe('10.0.0.9');
  expect(ownAddress('0.0.0.0', '198.51.100.1', [...one, own('10.0.1.5')])).toBe('0.0.0.0');
  expect(ownAddress('::', '2001:db8:1::1', [own('10.0.0.5')])).toBe('::');
});
