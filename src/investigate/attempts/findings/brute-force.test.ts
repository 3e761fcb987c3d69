import { expect, test } from 'vitest';
import { verdicts } from '../../../sql/investigate/pairs.ts';
import { activeHours, contextOf, suspectOf, visitorsOf } from '../fixtures/collected.ts';
import { bruteForce } from './brute-force.ts';

const context = contextOf({ own: { '10.0.0.5': { name: 'bastion', publicAddress: '198.51.100.7' } } });
const login = { role: 'login' as const, pair: { port: 22, verdict: verdicts.login } };
const guesses = (attempts: Readonly<Record<number, number>>, bytes = 2000) =>
  suspectOf(
    activeHours(attempts).map((hour) => ({ ...hour, bytes: hour.attempts * bytes })),
    context,
    login,
  );

test('accepted attempts at a login: where, how many, and what to close', () => {
  const found = bruteForce(visitorsOf([guesses({ 5: 600 })]), context);
  expect(found).toMatchObject({
    id: 'brute_force:192.0.2.1:eni-1:10.0.0.5:22/6',
    verdict: 'accepted',
    ports: [22],
    attempts: 600,
    source_count: 1,
    summary:
      '192.0.2.1 tried to log in at port 22 (likely ssh) of bastion (10.0.0.5, public 198.51.100.7): 600 attempts within 60 minutes from 20 June 2018 05:00 UTC, accepted by the security group.',
    next_step:
      'Close port 22 of bastion to the internet (use a VPN, Session Manager or an allow list), and search the login log of bastion for 192.0.2.1.',
  });
  expect(found.query['filter']).toEqual([
    { field: 'action', in: ['ACCEPT'] },
    { field: 'dstaddr', in: ['10.0.0.5'] },
    { field: 'dstport', in: [22] },
    { field: 'protocol', in: [6] },
    { field: 'interface_id', in: ['eni-1'] },
    { field: 'srcaddr', in: ['192.0.2.1'] },
  ]);
  // 0.4 · 1 + 0.3 · 600 ∕ 2000 + 0.3 · log10(600) ∕ 5, times 0.8.
  expect(found.score).toBeCloseTo(0.8 * (0.4 + 0.3 * 0.3 + 0.3 * (Math.log10(600) / 5)), 3);
  expect(found.evidence.map(({ query }) => query?.['splits'])).toEqual([
    [{ field: 'time', bucket: 'PT10M' }],
    [{ field: 'srcaddr', limit: 50 }],
    undefined,
  ]);
});

test('refused attempts matter less, and ask for nothing but to go on refusing', () => {
  const refused = suspectOf(activeHours({ 5: 600 }), context, { pair: { port: 22 } });
  const found = bruteForce(visitorsOf([refused]), context);
  expect(found.verdict).toBe('rejected');
  expect(found.summary).toMatch(/, all rejected\.$/);
  expect(found.next_step).toBe(
    'The attempts did not get in: keep port 22 of bastion closed to the internet.',
  );
  expect(found.score).toBeLessThan(bruteForce(visitorsOf([guesses({ 5: 600 })]), context).score);
  expect(found.query['filter']).toContainEqual({ field: 'action', in: ['REJECT'] });
});

test('records without a source port are counted as such, and the finding says so', () => {
  const portless = suspectOf(activeHours({ 5: 600 }), context, {
    pair: { port: 22 },
    portless: { records: 600, connections: 600 },
  });
  const { query, evidence } = bruteForce(visitorsOf([portless]), context);
  expect(query['measures']).toEqual(['flows']);
  expect(evidence.map(({ text }) => text).join('\n')).toContain('These records have no source port');
});
