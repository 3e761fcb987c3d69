import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertContent } from '../model/alert/alert.ts';
import {
  advanceState,
  newRecord,
  stateOf,
  type AlertRecord,
  type Change,
  type Failure,
} from './advance-state.ts';
import type { About, Breach, Evaluation } from './evaluate-condition.ts';
import { iso } from './log-coverage.ts';

const about: About = { from: 0, to: 0, query: null };
const breach = (key: string, value = 1): Breach => ({
  key: JSON.stringify(key),
  label: key,
  value,
  threshold: 0,
  row: { value },
});
const known = (...keys: readonly string[]): Evaluation => ({
  kind: 'known',
  about,
  breaches: keys.map((key) => breach(key)),
});
const noData: Evaluation = { kind: 'no_data', reason: 'There are no logs.', about };
const failed: Failure = { kind: 'error', reason: 'no such thing', about };

function alertWith(more: Partial<AlertContent> = {}): AlertContent {
  return {
    name: 'Test',
    enabled: true,
    condition: {
      kind: 'amount',
      filter: [],
      window: 'PT5M',
      measure: 'flows',
      split: 'srcaddr',
      above: 0,
      below: null,
    },
    every: 'PT5M',
    delay: 'PT1M',
    for: null,
    channels: [],
    note: null,
    ...more,
  };
}

/** Looks every 300 seconds; what was told at each. */
function runThrough(
  alert: AlertContent,
  outcomes: readonly (Evaluation | Failure)[],
  start: AlertRecord = newRecord,
): { readonly record: AlertRecord; readonly told: readonly (readonly Change[])[] } {
  let record = start;
  const told = outcomes.map((outcome, i) => {
    const { after, changes } = advanceState(alert, record, 300 * (i + 1), outcome);
    record = after;
    return changes;
  });
  return { record, told };
}

const short = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ state, series }) => `${state} ${series.map(({ key }) => key).join()}`);

test('each value fires once, and is resolved once', () => {
  const { told, record } = runThrough(alertWith(), [known('a'), known('a', 'b'), known('b'), known()]);
  expect(told.map(short)).toEqual([['firing "a"'], ['firing "b"'], ['ok "a"'], ['ok "b"']]);
  expect(stateOf(record)).toBe('ok');
  expect(record.history.map(({ at, label, state }) => [at, label, state])).toEqual([
    [iso(1200), 'b', 'ok'],
    [iso(900), 'a', 'ok'],
    [iso(600), 'b', 'firing'],
    [iso(300), 'a', 'firing'],
  ]);
});

test('is pending for as long as it is to hold, and what ends before is told to nobody', () => {
  const alert = alertWith({ for: 'PT10M' });
  const { told } = runThrough(alert, [known('a'), known('a'), known(), known('a'), known('a'), known('a')]);
  expect(told.map(short)).toEqual([[], [], [], [], [], ['firing "a"']]);
});

test('a time without data changes nothing that fires, and is no zero', () => {
  const { told, record } = runThrough(alertWith(), [known('a'), noData, noData, known('a'), known()]);
  expect(told.map(short)).toEqual([['firing "a"'], [], [], [], ['ok "a"']]);
  expect(record.history.map(({ state }) => state)).toEqual(['ok', 'no_data', 'firing']);
});

test('an error is told once, until a look succeeds', () => {
  const { told } = runThrough(alertWith(), [failed, failed, known(), failed]);
  expect(told.map((changes) => changes.map(({ state, reason }) => [state, reason]))).toEqual([
    [['error', 'no such thing']],
    [],
    [],
    [['error', 'no such thing']],
  ]);
});

test('what is silenced or acknowledged changes its state, and nobody is told', () => {
  const silence = (key: string | null, seconds: number): AlertRecord => ({
    ...newRecord,
    silences: [{ id: 's', key, until: iso(seconds), reason: 'maintenance' }],
  });
  const all = runThrough(
    alertWith(),
    [known('a'), known('a', 'b'), known('a', 'b', 'c')],
    silence(null, 900),
  );
  expect(all.told.map(short)).toEqual([[], [], ['firing "c"']]);
  expect(all.record.series.map(({ state }) => state)).toEqual(['firing', 'firing', 'firing']);
  expect(all.record.silences).toEqual([]);
  const one = runThrough(alertWith(), [known('a', 'b')], silence('"a"', 900));
  expect(one.told.map(short)).toEqual([['firing "b"']]);
  const { record } = runThrough(alertWith(), [known('a')]);
  const acknowledged = {
    ...record,
    series: record.series.map((each) => ({ ...each, acknowledged: { at: iso(400), note: 'me' } })),
  };
  const after = runThrough(alertWith(), [known('a'), known(), known('a')], acknowledged);
  expect(after.told.map(short)).toEqual([[], [], ['firing "a"']]);
});

test('a value that is new is an event: nobody is told that it is not new any more', () => {
  const condition = {
    kind: 'new_value',
    filter: [],
    window: 'PT5M',
    field: 'src_country',
    known: 'P7D',
  } as const;
  const { told } = runThrough(alertWith({ condition }), [known('KP'), known(), known('XX')]);
  expect(told.map(short)).toEqual([['firing "KP"'], [], ['firing "XX"']]);
});

test('whatever happens, firing and resolved are told by turns, as a naive count of looks says', () => {
  const outcome = fc.oneof(
    { weight: 6, arbitrary: fc.subarray(['a', 'b', 'c']).map((keys) => known(...keys)) },
    { weight: 1, arbitrary: fc.constant(noData) },
    { weight: 1, arbitrary: fc.constant(failed) },
  );
  fc.assert(
    fc.property(
      fc.array(outcome, { maxLength: 30 }),
      fc.constantFrom(null, 5, 10, 20),
      (outcomes, minutes) => {
        const alert = alertWith({ for: minutes === null ? null : `PT${minutes}M` });
        const { told } = runThrough(alert, outcomes);
        for (const key of ['a', 'b', 'c']) {
          const naive: string[] = [];
          let since: number | null = null;
          let fires = false;
          outcomes.forEach((each, i) => {
            if (each.kind !== 'known') return;
            if (each.breaches.some(({ label }) => label === key)) {
              since ??= i;
              if (!fires && (i - since) * 5 >= (minutes ?? 0)) {
                fires = true;
                naive.push(`${i} firing`);
              }
            } else {
              if (fires) naive.push(`${i} ok`);
              since = null;
              fires = false;
            }
          });
          const real = told.flatMap((changes, i) =>
            changes.flatMap(({ state, series }) =>
              series.some((each) => each.key === JSON.stringify(key)) ? [`${i} ${state}`] : [],
            ),
          );
          expect(real).toEqual(naive);
        }
      },
    ),
  );
});
