import { expect, test } from 'vitest';
import { flowOrder } from './rollups.ts';

test('rows are ordered by direction and service port, and by destination if ports are not logged', () => {
  const all = ['dstport', 'srcaddr', 'hour', 'bytes', 'srcport', 'action', 'dstaddr', 'interface_id'];
  expect(flowOrder(new Set(all))).toEqual([
    '"hour"',
    '"action"',
    'srcport < dstport',
    'least(srcport, dstport)',
    '"interface_id"',
    '"dstaddr"',
    '"srcaddr"',
  ]);
  expect(flowOrder(new Set(['dstaddr', 'dstport', 'hour']))).toEqual(['"hour"', 'dstport', '"dstaddr"']);
  expect(flowOrder(new Set(['srcport', 'bytes']))).toEqual([]);
});
