import { expect, test } from 'vitest';
import { amountText, countedNoun, directionOf, hourlyNoun, isInFull } from './finding-words.ts';

test('attempts are attempts, also where records are counted; traffic is connections or flow records', () => {
  expect(countedNoun({ kind: 'scan', counted: 'records' })).toBe('attempt');
  expect(countedNoun({ kind: 'outbound_beacon', counted: 'connections' })).toBe('connection');
  expect(countedNoun({ kind: 'cost', counted: 'records' })).toBe('flow record');
});

test('the bars of hours say what they count', () => {
  const hourly = { from: '2024-01-10T00:00:00Z', attempts: [], unknown: [] };
  expect(hourlyNoun({ kind: 'cost', counted: 'records', hourly: { ...hourly, measure: 'bytes' } })).toBe(
    'bytes',
  );
  expect(hourlyNoun({ kind: 'scan', counted: 'connections', hourly: { ...hourly, measure: 'attempts' } })).toBe('attempts'); // prettier-ignore
  expect(hourlyNoun({ kind: 'outbound_beacon', counted: 'connections', hourly: { ...hourly, measure: 'attempts' } })).toBe('connections'); // prettier-ignore
});

test('a scan of the outside is told in full, and goes out; others come in, and a sentence is enough', () => {
  const [outside, rejected] = [
    { kind: 'scan', verdict: 'unanswered' },
    { kind: 'scan', verdict: 'rejected' },
  ] as const;
  expect([isInFull(outside), directionOf(outside)]).toEqual([true, 'out']);
  expect([isInFull(rejected), directionOf(rejected)]).toEqual([false, 'in']);
});

test.each([
  [{ value: 2_000_000_000, unit: 'bytes' }, '2.0 GB'],
  [{ value: 4.5, unit: 'usd' }, '$4.5'],
  [{ value: 1234.5, unit: 'usd' }, '$1,235'],
  [{ value: 60, unit: 'seconds' }, '60 s'],
  [{ value: 0.256, unit: 'ratio' }, '25.6 %'],
  [{ value: 1200, unit: 'count' }, '1,200'],
] as const)('%o is %s', (amount, text) => {
  expect(amountText(amount)).toBe(text);
});
