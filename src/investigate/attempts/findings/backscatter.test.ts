import { expect, test } from 'vitest';
import { replyKinds } from '../../../sql/investigate/pairs.ts';
import { activeHours, contextOf, repliesOf } from '../fixtures/collected.ts';
import { backscatter } from './backscatter.ts';

const logged: Parameters<typeof backscatter>[1] = { anyAccepted: true, endOf: () => 'target' };

test('refused replies are no attempts: whose, from which port, and nothing to do', () => {
  const context = contextOf({ own: { '10.0.0.5': { name: 'web' } }, ports: { 443: 'https' } });
  const found = backscatter([repliesOf(activeHours({ 2: 30, 4: 10 }))], logged, context);
  expect(found).toMatchObject({
    id: 'backscatter:eni-1:10.0.0.5',
    kind: 'backscatter',
    verdict: 'rejected',
    attempts: 40,
    first_seen: '2018-06-20T02:00:00Z',
    last_seen: '2018-06-20T04:54:00Z',
    ports: [],
    coverage: { hours: 24, unknown_hours: 0 },
  });
  expect(found.summary).toBe(
    'web (10.0.0.5) rejected 40 late replies from 1 outside address, from port 443 (likely https): they answer its own traffic and are not attempts.',
  );
  expect(found.next_step).toMatch(/^No action needed/);
  expect(found.hourly.attempts.slice(0, 6)).toEqual([0, 0, 30, 0, 10, 0]);
  expect(found.query).toEqual({
    time: { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' },
    filter: [
      { field: 'action', in: ['REJECT'] },
      { field: 'dstaddr', in: ['10.0.0.5'] },
      { field: 'srcport', in: [443] },
      { field: 'interface_id', in: ['eni-1'] },
      { field: 'srcaddr', in: ['192.0.2.1'] },
    ],
    splits: [],
    measures: ['flows'],
  });
});

test('the score grows with the replies, and stays below that of any attempt that lasts', () => {
  const context = contextOf();
  const scores = [1, 1000, 1e9].map(
    (n) => backscatter([repliesOf(activeHours({ 2: n }))], logged, context).score,
  );
  // Half of 0.3 at the most: of two equal parts one is always 0.
  expect(scores).toEqual([0, 0.09, 0.15]);
});

test('replies from an address of ours are not said to be from outside', () => {
  const active = activeHours({ 2: 8 });
  const [first, last] = [active[0]?.first ?? 0, active[0]?.last ?? 0];
  const from = ['192.0.2.1', '10.0.0.9'].map((src) => ({ src, attempts: 4, first, last }));
  const { summary } = backscatter([repliesOf(active, { from, sources: 2 })], logged, contextOf());
  expect(summary).toContain('8 late replies from 2 addresses, from port');
});

test('of several ports it is not said that one is that of most', () => {
  const one = repliesOf(activeHours({ 2: 8 }), { sports: [80, 443, 8080] });
  const { summary } = backscatter([one], logged, contextOf({ ports: { 443: 'https' } }));
  expect(summary).toContain('from 1 outside address, from 3 ports, port 443 (likely https) among them: they');
});

test('a link names at most a hundred source ports', () => {
  const sports = Array.from({ length: 150 }, (_, i) => i + 1);
  const { query } = backscatter([repliesOf(activeHours({ 2: 8 }), { sports })], logged, contextOf());
  expect(query['filter']).toContainEqual({ field: 'srcport', in: sports.slice(0, 100) });
});

test('what nobody here asked for answers a flood with forged sources', () => {
  const context = contextOf();
  const unasked = repliesOf(activeHours({ 2: 30 }), { reply: replyKinds.unasked });
  const found = backscatter([unasked], logged, context);
  expect(found).toMatchObject({ kind: 'spoofed_backscatter', id: 'spoofed_backscatter:eni-1:10.0.0.5' });
  expect(found.summary).toMatch(
    /it had sent nothing there as far as these logs show, so they answer packets that somebody else sent/,
  );
  // Without accepted flows nobody can tell.
  expect(backscatter([unasked], { ...logged, anyAccepted: false }, context).kind).toBe('backscatter');
});

test('large answers by UDP that nobody asked for are a flood at the address, told by its bytes', () => {
  const active = activeHours({ 2: 600, 3: 600 }, { bytes: 9e9 });
  const flood = repliesOf(active, { reply: replyKinds.reflected, protocol: 17, sport: 53, sports: [0, 53] });
  const found = backscatter([flood], logged, contextOf({ ports: { 53: 'dns' } }));
  expect(found).toMatchObject({ counted: 'records', amounts: [{ name: 'bytes', value: 18e9 }, { name: 'peak_bytes', value: 9e9 }] }); // prettier-ignore
  expect(found.summary).toContain('from UDP port 53 (likely dns): nobody here asked for them');
  expect(found.summary).toContain('a flood by reflection (18 GB, of these 9.0 GB in the busiest hour)');
  expect(found.next_step).not.toMatch(/No action/);
  const small = activeHours({ 2: 10 }, { bytes: 1e4 });
  expect(backscatter([repliesOf(small, { reply: replyKinds.reflected })], logged, contextOf()).score).toBe(0);
  expect(found.score).toBeGreaterThan(0.2);
  // Replies by UDP that are small harm the servers, or us: nobody can tell.
  const weak = { reply: replyKinds.unasked, protocol: 17, sport: 123, sports: [123] };
  expect(backscatter([repliesOf(small, weak)], logged, contextOf()).next_step).not.toMatch(
    /nothing of yours/,
  );
});

test("what comes from clients' ports is told as packets of connections that were open, not as replies", () => {
  const one = repliesOf(activeHours({ 2: 8 }), { sport: 59_006, sports: [59_006] });
  const { summary } = backscatter([one], logged, contextOf({ own: { '10.0.0.5': { name: 'db' } } }));
  expect(summary).toBe(
    'db (10.0.0.5) rejected 8 late packets from 1 outside address, from port 59006: it had sent something to the very ports that they come from, so they belong to connections that were open, and are not attempts.',
  );
});

test('rejected where they were sent, they are not said to be rejected by whom they are for', () => {
  const { summary } = backscatter(
    [repliesOf(activeHours({ 2: 30 }))],
    { ...logged, endOf: () => 'source' },
    contextOf(),
  );
  expect(summary).toMatch(
    /^30 late replies from .*, to 10\.0\.0\.5 were rejected at the interface that sent them: /,
  );
});

test('of which none came through, they are not called late: a network ACL keeps them off', () => {
  const late = backscatter([repliesOf(activeHours({ 2: 30 }))], logged, contextOf());
  const found = backscatter([repliesOf(activeHours({ 2: 30 }), { noneAccepted: true })], logged, contextOf());
  expect(found.summary).toBe(
    '10.0.0.5 rejected 30 replies from 1 outside address, from port 443: they answer its own traffic, and nothing else of this address was let through there.',
  );
  expect(found.next_step).toMatch('the network ACL of the subnet of 10.0.0.5 has to allow them inbound');
  expect(found.score).toBeGreaterThan(2 * late.score);
});
