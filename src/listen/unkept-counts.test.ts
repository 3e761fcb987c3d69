import { expect, test } from 'vitest';
import type { UnkeptVisits } from '../model/visits/visit.ts';
import { UnkeptCounts } from './unkept-counts.ts';

type Count = Omit<UnkeptVisits, 'id'>;

const drained = (counts: UnkeptCounts, now: number, all = false, take = true): readonly Count[] => {
  const lines: Count[] = [];
  counts.drain(now, all, (count) => {
    if (take) lines.push(count);
    return take;
  });
  return lines;
};

test('each count is written in one line, at most one line a second for a port and bound', () => {
  const counts = new UnkeptCounts();
  for (let at = 0; at < 5; at += 1) counts.add('tcp', 80, 'rate', '192.0.2.1', 10_000 + at);
  counts.add('tcp', 80, 'disk', '192.0.2.1', 10_000);
  counts.add('tcp', 80, 'disk', '192.0.2.2', 10_007);
  expect(drained(counts, 20_000)).toEqual([
    {
      at: '1970-01-01T00:00:10.000Z',
      last_at: '1970-01-01T00:00:10.004Z',
      protocol: 'tcp',
      port: 80,
      unkept: 5,
      bound: 'rate',
      source_address: '192.0.2.1',
    },
    {
      at: '1970-01-01T00:00:10.000Z',
      last_at: '1970-01-01T00:00:10.007Z',
      protocol: 'tcp',
      port: 80,
      unkept: 2,
      bound: 'disk',
      source_address: null,
    },
  ]);
  counts.add('tcp', 80, 'rate', '192.0.2.1', 20_100);
  expect(drained(counts, 20_500)).toEqual([]);
  expect(drained(counts, 21_000).map(({ unkept }) => unkept)).toEqual([1]);
  expect(drained(counts, 30_000)).toEqual([]);
});

test('counts that could not be written are kept and added to later ones', () => {
  const counts = new UnkeptCounts();
  counts.add('udp', 53, 'rate', '192.0.2.1', 10_000);
  expect(drained(counts, 20_000, false, false)).toEqual([]);
  counts.add('udp', 53, 'rate', '192.0.2.1', 20_001);
  expect(drained(counts, 20_002, true).map(({ unkept }) => unkept)).toEqual([2]);
});
