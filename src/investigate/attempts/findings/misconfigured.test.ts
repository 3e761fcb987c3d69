import { expect, test } from 'vitest';
import { verdicts } from '../../../sql/investigate/pairs.ts';
import { activeHours, contextOf, steadily, suspectOf } from '../fixtures/collected.ts';
import { misconfigured } from './misconfigured.ts';

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
  const [found, ...more] = misconfigured([inside(steadily(12, 0, 24))], context);
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
  const [found] = misconfigured([inside(steadily(12, 0, 24), { dst: '192.0.2.8' })], context);
  expect(found?.next_step).toBe(
    'Find out which program on worker calls 192.0.2.8, and stop it or allow the traffic.',
  );
});

test('let in without an answer, it matters less', () => {
  const rejected = misconfigured([inside(steadily(12, 0, 24))], context);
  const silent = misconfigured([inside(steadily(12, 0, 24), { verdict: verdicts.unanswered })], context);
  expect(silent[0]).toMatchObject({ verdict: 'unanswered' });
  expect(silent[0]?.summary).toMatch(/, and never gets an answer\.$/);
  expect(silent[0]?.score).toBeLessThan(rejected[0]?.score ?? 0);
});

test('fewer than 8 attempts are none, nor are those of two hours, but in a short range', () => {
  const found = (attempts: Readonly<Record<number, number>>, hours = 24): number => {
    const where = contextOf({ own, hours });
    return misconfigured([inside(attempts, {}, where)], where).length;
  };
  expect(found({ 1: 3, 2: 2, 3: 2 })).toBe(0);
  expect(found({ 1: 3, 2: 3, 3: 2 })).toBe(1);
  expect(found({ 1: 30, 2: 30 })).toBe(0);
  expect(found({ 1: 30, 2: 30 }, 4)).toBe(1);
  expect(found({ 1: 30, 2: 30 }, 5)).toBe(0);
});

test('where both ends log the same attempts, the end that refused them is told', () => {
  const caller = inside(steadily(20, 0, 24), { interface: 'eni-9', verdict: verdicts.unanswered });
  const refuser = inside(steadily(12, 0, 24), { interface: 'eni-5' });
  for (const both of [
    [caller, refuser],
    [refuser, caller],
  ]) {
    const found = misconfigured(both, context);
    expect(found.map(({ target }) => target?.interface_id)).toEqual(['eni-5']);
  }
  // Another port is another finding.
  expect(misconfigured([caller, inside(steadily(12, 0, 24), { port: 80 })], context)).toHaveLength(2);
});
