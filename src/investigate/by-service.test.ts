import { expect, test } from 'vitest';
import { contextOf, MIDNIGHT } from './attempts/fixtures/collected.ts';
import { doerAt, loginLogOf } from './by-service.ts';

test.each([
  [null, 'which process on edge'],
  ['instance', 'which process on edge'],
  ['NAT gateway', 'what behind edge'],
  ['network load balancer', 'which client of edge'],
  ['RDS database', 'what in edge'],
])('what acts at an address of %s', (service, words) => {
  const context = contextOf({ own: { '10.0.0.5': { name: 'edge', service } } });
  expect(doerAt({ address: '10.0.0.5', name: 'edge' }, MIDNIGHT, context)).toBe(words);
});

test('logins that a load balancer passes on are logged behind it', () => {
  expect(loginLogOf('edge', 'network load balancer')).toBe('the login logs of the targets behind edge');
  expect(loginLogOf('edge', 'instance')).toBe('the login log of edge');
});
