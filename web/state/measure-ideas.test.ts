import { describe, expect, test } from 'vitest';
import { measureIdeas } from './measure-ideas.ts';

const dimensions = [
  { name: 'dstport', label: 'Dest port' },
  { name: 'dst_country', label: 'Dest country' },
];

describe('measures that a text in the menu may mean', () => {
  test.each([
    ['p95(bytes)', 'p95(bytes)'],
    ['P95', 'p95(duration)'],
    ['median', 'p50(packets)'],
    ['bytes / packets', 'bytes/packets'],
    ['rejected/connections', 'rejected_flows/connections'],
    ['country', 'distinct(dst_country)'],
    ['different port', 'distinct(dstport)'],
    ['rejected per', 'per_second(rejected_flows)'],
  ])('%s: %s', (text, name) => {
    expect(measureIdeas(text, dimensions)).toContain(name);
  });

  test('nothing for what means none', () => {
    expect(measureIdeas('p0(bytes)', dimensions)).toEqual([]);
    expect(measureIdeas('bytes/packets/flows', dimensions)).toEqual([]);
  });
});
