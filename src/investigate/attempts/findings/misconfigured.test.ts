import { expect, test } from 'vitest';
import { verdicts } from '../../../sql/investigate/pairs.ts';
import { activeHours, contextOf, repliesOf, steadily, suspectOf } from '../fixtures/collected.ts';
import type { CountedSuspect } from '../collect.ts';
import { failingClients } from '../failing-clients.ts';
import { misconfigured } from './misconfigured.ts';

const alone = { neighbours: new Map(), endOf: () => null, replies: [] } as const;
const findingsOf = (suspects: readonly CountedSuspect[], where = context) =>
  failingClients(suspects, where.hours).map((client) => misconfigured(client, alone, where));

const own = { '10.0.0.9': { name: 'worker' }, '10.0.0.5': { name: 'cache' } };
const context = contextOf({ own, ports: { 6379: 'redis' } });
const inside = (
  attempts: Readonly<Record<number, number>>,
  pair: Readonly<Record<string, unknown>> = {},
  where = context,
) =>
  suspectOf(activeHours(attempts), where, {
    role: 'inside',
    pair: { src: '10.0.0.9', port: 6379, ...pair },
  });

test('a client of ours that is refused hour after hour: whose configuration, and which port', () => {
  const [found, ...more] = findingsOf([inside(steadily(12, 0, 24))]);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    id: 'misconfigured_client:10.0.0.9:10.0.0.5:6379/6',
    verdict: 'rejected',
    attempts: 288,
    summary:
      'worker (10.0.0.9), inside your network, tries port 6379 (likely redis) of cache (10.0.0.5) about every 5 minutes, 288 times over 24 hours, and is rejected.',
    next_step:
      'Look in the configuration of worker for cache:6379: correct it, or open the port if the access is intended.',
  });
  expect(found?.query['filter']).toEqual([
    { field: 'action', in: ['REJECT'] },
    { field: 'dstaddr', in: ['10.0.0.5'] },
    { field: 'dstport', in: [6379] },
    { field: 'protocol', in: [6] },
    { field: 'interface_id', in: ['eni-1'] },
    { field: 'srcaddr', in: ['10.0.0.9'] },
  ]);
});

test('what it calls outside is for whoever runs the program', () => {
  const [found] = findingsOf([inside(steadily(12, 0, 24), { dst: '192.0.2.8' })]);
  expect(found?.next_step).toBe(
    'Find out which program on worker calls 192.0.2.8, and stop it or allow the traffic.',
  );
});

test('let in without an answer, it matters less', () => {
  const rejected = findingsOf([inside(steadily(12, 0, 24))]);
  const silent = findingsOf([inside(steadily(12, 0, 24), { verdict: verdicts.unanswered })]);
  expect(silent[0]).toMatchObject({ verdict: 'unanswered' });
  expect(silent[0]?.summary).toMatch(/, and never gets an answer\.$/);
  expect(silent[0]?.score).toBeLessThan(rejected[0]?.score ?? 0);
});

test('fewer than 8 attempts are none, nor are those of two hours, but in a short range', () => {
  const found = (attempts: Readonly<Record<number, number>>, hours = 24): number => {
    const where = contextOf({ own, hours });
    return findingsOf([inside(attempts, {}, where)], where).length;
  };
  expect(found({ 1: 3, 2: 2, 3: 2 })).toBe(0);
  expect(found({ 1: 3, 2: 3, 3: 2 })).toBe(1);
  expect(found({ 1: 30, 2: 30 })).toBe(0);
  expect(found({ 1: 30, 2: 30 }, 4)).toBe(1);
  expect(found({ 1: 30, 2: 30 }, 5)).toBe(0);
});

test('if both ends log the same attempts, the end that rejected them is named', () => {
  const caller = inside(steadily(20, 0, 24), { interface: 'eni-9', verdict: verdicts.unanswered });
  const refuser = inside(steadily(12, 0, 24), { interface: 'eni-5' });
  for (const both of [
    [caller, refuser],
    [refuser, caller],
  ]) {
    const found = findingsOf(both);
    expect(found.map(({ target }) => target?.interface_id)).toEqual(['eni-5']);
  }
  // Another port is another finding.
  expect(findingsOf([caller, inside(steadily(12, 0, 24), { port: 80 })])).toHaveLength(2);
});

test('hops of one connection are one finding, where they end', () => {
  const hops = [
    inside(steadily(12, 0, 24), {
      src: '10.0.0.3',
      dst: '10.0.0.4',
      port: 30_080,
      verdict: verdicts.unanswered,
    }),
    inside(steadily(12, 0, 24), { src: '10.0.0.4', dst: '10.0.0.5', port: 8080, verdict: verdicts.refused }),
  ];
  const found = findingsOf(hops);
  expect(found).toMatchObject([{ verdict: 'refused', target: { address: '10.0.0.5', port: 8080 } }]);
  expect(found[0]?.evidence.map(({ text }) => text)).toContain(
    'The same attempts on the hop before: 10.0.0.3 to port 30080 of 10.0.0.4, 288 times',
  );
});

test('a gateway that repeats the attempts of clients behind it is no client of its own', () => {
  const to = { dst: '198.51.100.9', port: 123, protocol: 17, verdict: verdicts.unanswered };
  const from = (src: string, face: string, hourly: number): CountedSuspect =>
    inside(steadily(hourly, 0, 24), { ...to, src, interface: face });
  const gateway = from('10.0.0.2', 'eni-gateway', 24);
  const clients = ['10.0.0.3', '10.0.0.4'].map((src) => from(src, `eni-${src}`, 12));
  const seenThere = ['10.0.0.3', '10.0.0.4'].map((src) => from(src, 'eni-gateway', 12));
  const found = findingsOf([gateway, ...clients, ...seenThere]);
  expect(found.map(({ sources }) => sources[0]?.address)).toEqual(['10.0.0.3', '10.0.0.4']);
  expect(found.flatMap(({ evidence }) => evidence.map(({ text }) => text))).toContain(
    'On the way through a gateway: 10.0.0.2 to UDP port 123 of 198.51.100.9, 576 times',
  );
  // So it is where the gateway's interface logs what arrives as sent to the gateway.
  const atGateway = ['10.0.0.3', '10.0.0.4'].map((src) =>
    inside(steadily(12, 0, 24), { ...to, src, dst: '10.0.0.2', interface: 'eni-gateway' }),
  );
  const others = findingsOf([gateway, ...clients, ...atGateway]);
  expect(others.map(({ sources, target }) => [sources[0]?.address, target?.address])).toEqual([
    ['10.0.0.3', '198.51.100.9'],
    ['10.0.0.4', '198.51.100.9'],
  ]);
  // Nor is it one where the interface that logged all of them is the target's own.
  expect(failingClients([gateway, ...clients, ...seenThere], context.hours, () => 'target')).toHaveLength(3);
  // Whose attempts are more than those that pass by has some of its own; who only tries the same is another client.
  const busier = from('10.0.0.2', 'eni-gateway', 40);
  expect(findingsOf([busier, ...clients, ...seenThere])).toHaveLength(3);
  expect(findingsOf([gateway, ...clients])).toHaveLength(3);
});

test('a burst of a second is one failure, not a client that keeps failing', () => {
  const [burst] = activeHours({ 3: 20 });
  const where = contextOf({ own, hours: 1 });
  const active = burst === undefined ? [] : [{ ...burst, last: burst.first + 1 }];
  const suspect = suspectOf(active, where, {
    role: 'inside',
    pair: { src: '10.0.0.9', verdict: verdicts.refused },
  });
  expect(findingsOf([suspect], where)).toEqual([]);
});

test('what its own rules reject is theirs to allow', () => {
  const [client] = failingClients([inside(steadily(12, 0, 24))], context.hours);
  const found = misconfigured(client!, { ...alone, endOf: () => 'source' }, context);
  expect(found.summary).toMatch(/, and is rejected by the rules of its own interface\.$/);
  expect(found.next_step).toMatch('allow it in the outbound rules of worker');
});

test.each([
  [
    'source',
    ' at the interface of cache',
    'the network ACL of the subnet of cache has to allow them outbound',
  ],
  [
    'target',
    ' at the interface of worker',
    'the network ACL of the subnet of worker has to allow them inbound',
  ],
  [null, '', 'the network ACLs of the subnets of cache (outbound) and worker (inbound)'],
] as const)(
  'whose replies are rejected (%s) lacks a rule of a network ACL, not a port',
  (end, where, rule) => {
    const [client] = failingClients(
      [inside(steadily(12, 0, 24), { verdict: verdicts.unanswered })],
      context.hours,
    );
    const replies = [repliesOf(activeHours(steadily(12, 0, 24)), { dst: '10.0.0.9' })];
    const found = misconfigured(client!, { ...alone, endOf: () => end, replies }, context);
    expect(found.summary).toMatch(`is let in, but what comes back is rejected${where}.`);
    expect(found.next_step).toMatch(rule);
    expect(found.evidence.map(({ text }) => text)).toContain('What came back was rejected');
  },
);
