import { expect, test } from 'vitest';
import { partyOf } from './party.ts';

const nothing = { name: null, service: null, vpc: null, tags: {} };

test('machines of one service are one party', () => {
  const named = (name: string): string | null => partyOf('10.0.0.1', { ...nothing, name }, {});
  expect([named('auth-1'), named('auth-22'), named('auth'), named('web.3'), named('42')]).toEqual([
    'auth',
    'auth',
    'auth',
    'web',
    '42',
  ]);
  const tagged = { ...nothing, name: 'ip-10-0-0-1', tags: { app: 'shop', service: '' } };
  expect(partyOf('10.0.0.1', tagged, {})).toBe('shop');
  expect(partyOf('10.0.0.1', { ...nothing, service: 'NAT gateway', vpc: 'vpc-1' }, {})).toBe('NAT gateway');
  expect(partyOf('10.0.0.1', { ...nothing, vpc: 'vpc-1' }, {})).toBe('vpc-1');
  expect(partyOf('10.0.3.1', nothing, {})).toBe('10.0.3.0/24');
});

test('outside it is the operator, else the country, else the network', () => {
  expect(partyOf('8.8.8.8', null, { as_name: 'Google LLC', country: 'US' })).toBe('Google LLC');
  expect(partyOf('8.8.8.8', null, { as_name: null, country: 'US' })).toBe('US');
  expect(partyOf('203.0.113.9', null, {})).toBe('203.0.113.0/24');
  expect(partyOf('2001:db8:0:1::2', null, {})).toBe('2001:db8:0:1::/64');
});
