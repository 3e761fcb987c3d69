import { expect, test } from 'vitest';
import { parseInventory } from '../inventory/parse-inventory.ts';
import { CloudRanges } from './cloud-ranges.ts';

const document = {
  prefixes: [
    { ip_prefix: '52.0.0.0/10', region: 'GLOBAL', service: 'AMAZON' },
    { ip_prefix: '52.4.0.0/14', region: 'us-east-1', service: 'AMAZON' },
    { ip_prefix: '52.4.0.0/14', region: 'us-east-1', service: 'EC2' },
    { ip_prefix: '15.177.0.0/18', region: 'us-east-1', service: 'ROUTE53_HEALTHCHECKS' },
    { ip_prefix: 'nonsense', region: 'x', service: 'y' },
  ],
  ipv6_prefixes: [{ ipv6_prefix: '2600:1f18::/33', region: 'us-east-1', service: 'EC2' }],
};

test('the most particular service and the smallest block say whose an address is', () => {
  const ranges = new CloudRanges(parseInventory(document, 'ip-ranges.json').ranges ?? []);
  expect(ranges.of('52.5.1.1')).toMatchObject({ service: 'EC2', region: 'us-east-1' });
  expect(ranges.of('52.63.255.255')).toMatchObject({ service: 'AMAZON', region: 'GLOBAL' });
  expect(ranges.of('15.177.63.255')?.service).toBe('ROUTE53_HEALTHCHECKS');
  expect(ranges.of('15.177.64.0')).toBeNull();
  expect(ranges.of('2600:1f18:7fff::1')?.service).toBe('EC2');
  expect(ranges.of('2600:1f18:8000::1')).toBeNull();
  expect(ranges.of('no address')).toBeNull();
});
