import { expect, test } from 'vitest';
import { LEAST_ADDRESSES, LEAST_PORTS } from '../../../sql/investigate/candidate-queries.ts';
import { activeHours, contextOf, scanOf, steadily } from '../fixtures/collected.ts';
import { scans } from './scans.ts';

const context = contextOf();

test('one port of many addresses', () => {
  const sweep = scanOf(activeHours({ 3: 40 }), context, { addresses: 8, widest: 8 });
  const { findings, left } = scans([sweep], 10, context);
  expect(left).toBe(0);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    id: 'scan:192.0.2.1',
    verdict: 'rejected',
    target: null,
    target_count: 8,
    ports: [22],
    attempts: 40,
    summary:
      '192.0.2.1 tried port 22 (likely ssh) of 8 addresses in your network, 40 times in all within 59 minutes from 20 June 2018 03:00 UTC, and was rejected.',
    next_step:
      'No action needed unless some of its flows were accepted: such scans are common on the internet.',
  });
  // 8 of the 10 addresses that anybody tries, and 40 attempts.
  expect(findings[0]?.score).toBeCloseTo(0.45 * (0.8 / 2 + Math.log10(40) / 5 / 2), 3);
  expect(findings[0]?.query['filter']).toEqual([
    { field: 'action', in: ['REJECT'] },
    { field: 'srcaddr', in: ['192.0.2.1'] },
  ]);
});

test('a port of TCP and of UDP is named once', () => {
  const both = [6, 17].map((protocol) => ({ port: 22, protocol, addresses: 6 }));
  const sweep = scanOf(activeHours({ 3: 40 }), context, { addresses: 8, widest: 8 }, { topPorts: both });
  const [found] = scans([sweep], 10, context).findings;
  expect(found?.ports).toEqual([22]);
  expect(found?.summary).toMatch(/^192\.0\.2\.1 tried port 22 \(likely ssh\) of 8 addresses/);
});

test('many ports of one address, which is then the target', () => {
  const topAddress = { dst: '10.0.0.5', interface: 'eni-1', ports: 200 };
  const deep = scanOf(activeHours({ 3: 200 }), context, { ports: 200, deepest: 200 }, { topAddress });
  const [found] = scans([deep], 10, context).findings;
  expect(found?.target).toMatchObject({ address: '10.0.0.5', interface_id: 'eni-1', port: null });
  expect(found?.port_count).toBe(200);
  expect(found?.summary).toMatch(/^192\.0\.2\.1 tried 200 ports of 10\.0\.0\.5, 200 times in all/);
});

test('many ports of several addresses: how many of one, and times at all of them', () => {
  const topAddress = { dst: '10.0.0.5', interface: 'eni-1', ports: 20 };
  const deep = scanOf(
    activeHours({ 3: 400 }),
    context,
    { ports: 20, deepest: 20, addresses: 6 },
    { topAddress },
  );
  const [found] = scans([deep], 10, context).findings;
  expect(found?.target).toBeNull();
  expect(found?.summary).toMatch(
    /^192\.0\.2\.1 tried ports of 6 addresses in your network, at most 20 of one \(10\.0\.0\.5\), 400 times in all/,
  );
});

test('from inside it matters more, and somebody has to look', () => {
  const scan = { addresses: 8, widest: 8 };
  const [outside] = scans([scanOf(activeHours({ 3: 40 }), context, scan)], 10, context).findings;
  const [inside] = scans(
    [scanOf(activeHours({ 3: 40 }), context, { ...scan, src: '10.0.0.9' })],
    10,
    context,
  ).findings;
  expect(inside?.summary).toMatch(/^10\.0\.0\.9, inside your network, tried/);
  expect(inside?.next_step).toMatch(/^Find out which process on 10\.0\.0\.9 scans/);
  expect(inside?.score).toBeCloseTo(2 * (outside?.score ?? 0), 2);
});

test.each([
  ['as many addresses as a scan has at least', { widest: LEAST_ADDRESSES }, { 3: 5 }, 100, true],
  ['one fewer', { widest: LEAST_ADDRESSES - 1 }, { 3: 5 }, 100, false],
  ['so many, but never 5 in an hour', { widest: LEAST_ADDRESSES }, steadily(4, 0, 20), 100, false],
  ['6 of 10 addresses slowly: fewer than ten', { widest: 6 }, steadily(1, 0, 20), 10, false],
  ['12 of 20 addresses, slowly', { widest: 12 }, steadily(1, 0, 20), 20, true],
  ['11 of 20 addresses, slowly', { widest: 11 }, steadily(1, 0, 20), 20, false],
  ['as many ports as a scan has at least', { deepest: LEAST_PORTS }, { 3: 10 }, 100, true],
  ['so many, but never 8 in an hour', { deepest: LEAST_PORTS }, steadily(7, 0, 2), 100, false],
  ['30 ports, slowly', { deepest: 30 }, steadily(1, 0, 24), 100, true],
  ['40 targets at random, slowly', { targets: 40, addresses: 14 }, steadily(2, 0, 24), 100, true],
  ['39 of them', { targets: 39, addresses: 14 }, steadily(2, 0, 24), 100, false],
  ['40 from inside', { src: '10.0.0.9', targets: 40, addresses: 14 }, steadily(2, 0, 24), 100, false],
])('%s', (_, scan, attempts, triedAddresses, expected) => {
  const { findings } = scans([scanOf(activeHours(attempts), context, scan)], triedAddresses, context);
  expect(findings).toHaveLength(expected ? 1 : 0);
});

test('two hundred are findings, and the others are counted', () => {
  const many = Array.from({ length: 203 }, (_, i) =>
    scanOf(activeHours({ 3: 40 }), context, { src: `192.0.2.${i}`, widest: 8 }),
  );
  const { findings, left } = scans(many, 10, context);
  expect([findings.length, left]).toEqual([200, 3]);
  expect(findings[0]?.id).toBe('scan:192.0.2.0');
});

test('a sweep by ICMP has no port, one by UDP says so, and where a machine inside looks is not said to be inside', () => {
  const told = (protocol: number, port: number, src = '192.0.2.1'): string | undefined => {
    const topPorts = [{ port, protocol, addresses: 8 }];
    const sweep = scanOf(activeHours({ 3: 40 }), context, { addresses: 8, widest: 8, src }, { topPorts });
    return scans([sweep], 10, context).findings[0]?.summary;
  };
  expect(told(1, 0)).toMatch(/^192\.0\.2\.1 tried 8 addresses in your network by ICMP, 40 times/);
  expect(told(17, 161)).toMatch(/^192\.0\.2\.1 tried UDP port 161\b.* of 8 addresses in your network, /);
  expect(told(6, 25, '10.0.0.9')).toMatch(
    /^10\.0\.0\.9, inside your network, tried port 25\b.* of 8 addresses, 40 times/,
  );
});
