import { expect, test } from 'vitest';
import type { AlertContent } from '../model/alert/alert.ts';
import { dueEvaluations, missedBefore } from './due-evaluations.ts';

const alert: AlertContent = {
  name: 'Test',
  enabled: true,
  condition: {
    kind: 'amount',
    filter: [],
    window: 'PT5M',
    measure: 'flows',
    split: null,
    above: 1,
    below: null,
  },
  every: 'PT5M',
  delay: 'PT15M',
  for: null,
  channels: [],
  note: null,
};
const noon = Date.UTC(2026, 0, 5, 12) / 1000;

test('looks at multiples of its interval, once their logs had time to come', () => {
  expect(dueEvaluations(alert, null, noon)).toEqual([noon - 900]);
  expect(dueEvaluations(alert, noon - 900, noon)).toEqual([]);
  expect(dueEvaluations(alert, noon - 900, noon + 299)).toEqual([]);
  expect(dueEvaluations(alert, noon - 900, noon + 300)).toEqual([noon - 600]);
});

test('looks that were missed are made up for, but not for ever; what is about now has none', () => {
  expect(dueEvaluations(alert, noon - 900, noon + 900)).toEqual([noon - 600, noon - 300, noon]);
  const long = dueEvaluations(alert, noon - 90 * 86_400, noon);
  expect([long.length, long.at(-1)]).toEqual([2016, noon - 900]);
  expect(missedBefore(alert, noon - 90 * 86_400, long)).toEqual({
    from: noon - 90 * 86_400 + 300,
    to: noon - 900 - 2016 * 300,
    count: 90 * 288 - 3 - 2016,
  });
  const now: AlertContent = { ...alert, condition: { kind: 'no_logs', lasting: 'PT1H' } };
  expect(dueEvaluations(now, noon - 9000, noon)).toEqual([noon - 900]);
});

test('a clock that was set back looks at nothing twice', () => {
  expect(dueEvaluations(alert, noon, noon)).toEqual([]);
});
