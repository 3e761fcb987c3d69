import { expect, test } from 'vitest';
import { verdicts } from '../../sql/investigate/pairs.ts';
import type { CountedSuspect } from './collect.ts';
import { activeHours, contextOf, steadily, suspectOf } from './fixtures/collected.ts';
import { withoutScanners } from './scanning-clients.ts';

const context = contextOf();

/** A machine inside that is refused at some ports of some addresses. */
const failing = (
  src: string,
  addresses: number,
  ports: readonly number[],
  network = '10.0.1',
): readonly CountedSuspect[] =>
  Array.from({ length: addresses }, (_, at) => `${network}.${at}`).flatMap((dst) =>
    ports.map((port) =>
      suspectOf(activeHours(steadily(1, 0, 12)), context, {
        role: 'inside',
        pair: { src, dst, port, verdict: verdicts.refused },
      }),
    ),
  );

test('who fails at fifteen targets looks for them; who fails at the members of a cluster is their client', () => {
  const client = failing('10.0.0.1', 12, [9092]);
  const scanner = failing('10.0.0.2', 10, [22, 80, 443, 445, 3389]);
  expect(withoutScanners([...client, ...scanner], context.isOurs, new Set())).toEqual({
    suspects: client,
    left: ['10.0.0.2'],
  });
});

test('who is told as a scan is not counted as left out', () => {
  const scanner = failing('10.0.0.2', 10, [22, 80]);
  const told = new Set(['10.0.0.2']);
  expect(withoutScanners(scanner, context.isOurs, told)).toEqual({ suspects: [], left: [] });
});

test('many targets outside make no scanner', () => {
  const crawler = failing('10.0.0.3', 10, [80, 443], '192.0.2');
  expect(withoutScanners(crawler, context.isOurs, new Set())).toEqual({ suspects: crawler, left: [] });
});

test('datagrams that nobody answers make no scanner, and a scanner may be a client by them', () => {
  const gossip = failing('10.0.0.4', 10, [7946, 8301]).map((one) => ({
    ...one,
    pairs: one.pairs.map((pair) => ({ ...pair, protocol: 17 })),
  }));
  const scanner = failing('10.0.0.4', 10, [22, 80]);
  expect(withoutScanners(gossip, context.isOurs, new Set())).toEqual({ suspects: gossip, left: [] });
  expect(withoutScanners([...gossip, ...scanner], context.isOurs, new Set()).suspects).toEqual(gossip);
});
