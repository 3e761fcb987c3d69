import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertContent } from '../model/alert/alert.ts';
import { advanceState, stateOf, type Change, type Failure } from './advance-state.ts';
import { newRecord, type AlertRecord } from './alert-record.ts';
import type { About, Breach, Evaluation } from './evaluation.ts';
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

/** Evaluates every 300 seconds; the messages of each evaluation. */
function runThrough(
  alert: AlertContent,
  outcomes: readonly (Evaluation | Failure)[],
  start: AlertRecord = newRecord,
): { readonly record: AlertRecord; readonly sent: readonly (readonly Change[])[] } {
  let record = start;
  const sent = outcomes.map((outcome, i) => {
    const { after, changes } = advanceState(alert, record, 300 * (i + 1), outcome);
    record = after;
    return changes;
  });
  return { record, sent };
}

const short = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ state, series }) => `${state} ${series.map(({ key }) => key).join()}`);

test('each value fires once, and is resolved once', () => {
  const { sent, record } = runThrough(alertWith(), [known('a'), known('a', 'b'), known('b'), known()]);
  expect(sent.map(short)).toEqual([['firing "a"'], ['firing "b"'], ['ok "a"'], ['ok "b"']]);
  expect(stateOf(record)).toBe('ok');
  expect(record.history.map(({ at, label, state }) => [at, label, state])).toEqual([
    [iso(1200), 'b', 'ok'],
    [iso(900), 'a', 'ok'],
    [iso(600), 'b', 'firing'],
    [iso(300), 'a', 'firing'],
  ]);
});

test('is pending for the time that it must hold; if it ends before, no message is sent', () => {
  const alert = alertWith({ for: 'PT10M' });
  const { sent } = runThrough(alert, [known('a'), known('a'), known(), known('a'), known('a'), known('a')]);
  expect(sent.map(short)).toEqual([[], [], [], [], [], ['firing "a"']]);
});

test('a time without data changes nothing that fires, and is no zero', () => {
  const { sent, record } = runThrough(alertWith(), [known('a'), noData, noData, known('a'), known()]);
  expect(sent.map(short)).toEqual([['firing "a"'], [], [], [], ['ok "a"']]);
  expect(record.history.map(({ state }) => state)).toEqual(['ok', 'no_data', 'firing']);
});

test('an error is reported once, and so is its end', () => {
  const { sent } = runThrough(alertWith(), [failed, failed, known(), failed]);
  expect(sent.map((changes) => changes.map(({ state, reason }) => [state, reason]))).toEqual([
    [['error', 'no such thing']],
    [],
    [['recovered', 'The alert can be evaluated again.']],
    [['error', 'no such thing']],
  ]);
});

test('a silenced or acknowledged alert changes its state without a message', () => {
  const silence = (key: string | null, seconds: number): AlertRecord => ({
    ...newRecord,
    silences: [{ id: 's', key, until: iso(seconds), reason: 'maintenance' }],
  });
  const all = runThrough(
    alertWith(),
    [known('a'), known('a', 'b'), known('a', 'b', 'c')],
    silence(null, 900),
  );
  // What still holds when the silence is over is told then.
  expect(all.sent.map(short)).toEqual([[], [], ['firing "a","b","c"']]);
  expect(all.record.series.map(({ state }) => state)).toEqual(['firing', 'firing', 'firing']);
  expect(all.record.silences).toEqual([]);
  const one = runThrough(alertWith(), [known('a', 'b')], silence('"a"', 900));
  expect(one.sent.map(short)).toEqual([['firing "b"']]);
  const { record } = runThrough(alertWith(), [known('a')]);
  const acknowledged = {
    ...record,
    series: record.series.map((each) => ({ ...each, acknowledged: { at: iso(400), note: 'me' } })),
  };
  const after = runThrough(alertWith(), [known('a'), known(), known('a')], acknowledged);
  // Somebody knows of it: that it is over is told to all who were told of it.
  expect(after.sent.map(short)).toEqual([[], ['ok "a"'], ['firing "a"']]);
});

test('what ends in a silence is told after it, unless it has begun again; what came and went in it never', () => {
  const silenced = (record: AlertRecord, seconds: number): AlertRecord => ({
    ...record,
    silences: [{ id: 's', key: null, until: iso(seconds), reason: 'maintenance' }],
  });
  const { record } = runThrough(alertWith(), [known('a', 'b')]);
  const { sent, record: after } = runThrough(
    alertWith(),
    [known('c', 'b'), known('b'), known('b'), known()],
    silenced(record, 900),
  );
  expect(sent.map(short)).toEqual([[], [], ['ok "a"'], ['ok "b"']]);
  expect(after.unsentEnds).toEqual([]);
  const again = runThrough(alertWith(), [known(), known('a'), known('a'), known()], silenced(record, 700));
  expect(again.sent.map(short)).toEqual([[], [], ['ok "b"'], ['ok "a"']]);
});

test('a window that comes late adds what holds in it, and ends nothing that holds', () => {
  const first = runThrough(alertWith(), [known('a'), noData, known('a')]).record;
  const late = advanceState(alertWith(), first, 600, known('b'));
  expect(short(late.changes)).toEqual(['firing "b"']);
  expect(late.after.series.map(({ label, since }) => `${label} ${since}`)).toEqual([
    // It did not hold in between, and was told.
    `a ${iso(900)}`,
    `b ${iso(600)}`,
  ]);
  const next = advanceState(alertWith(), late.after, 1200, known('a'));
  expect(short(next.changes)).toEqual(['ok "b"']);
});

test('windows that come late count for how long a condition must hold', () => {
  const held = alertWith({ for: 'PT5M' });
  const first = runThrough(held, [known(), noData, noData, known()]).record;
  const one = advanceState(held, first, 600, known('b'));
  expect([one.changes, one.after.series]).toEqual([[], []]);
  const two = advanceState(held, one.after, 900, known('b'));
  expect(short(two.changes)).toEqual(['firing "b"']);
  expect(two.after.series).toMatchObject([{ since: iso(600), fired_at: iso(900) }]);
  const next = advanceState(held, two.after, 1500, known());
  expect(short(next.changes)).toEqual(['ok "b"']);
  // It holds now, and for longer than was known.
  const pending = runThrough(held, [known(), noData, known('b')]).record;
  expect(stateOf(pending)).toBe('pending');
  expect(short(advanceState(held, pending, 600, known('b')).changes)).toEqual(['firing "b"']);
});

test('a window that is evaluated again tells what it adds once, and ends what did not hold', () => {
  const first = runThrough(alertWith(), [known(), known(), known('a')]).record;
  const again = advanceState(alertWith(), first, 600, known('a', 'b'));
  // The same episode of "a" began earlier: it was told.
  expect(short(again.changes)).toEqual(['firing "b"']);
  expect(again.after.series.map(({ label, since }) => `${label} ${since}`)).toEqual([
    `a ${iso(600)}`,
    `b ${iso(600)}`,
  ]);
  expect(advanceState(alertWith(), again.after, 600, known('a', 'b')).changes).toEqual([]);
  const wrong = advanceState(alertWith(), advanceState(alertWith(), again.after, 900, known()).after, 600, known('b')); // prettier-ignore
  expect(short(wrong.changes)).toEqual([]);
  const ended = advanceState(alertWith(), again.after, 900, known());
  expect(ended.changes).toMatchObject([
    { state: 'ok', reason: 'Logs that came later show that it did not hold.' },
  ]);
  expect(ended.after.history.find(({ label }) => label === 'a')).toMatchObject({
    state: 'ok',
    reason: expect.stringContaining('later'),
  });
});

test('an episode of the past is told though the series fires again, and what begins anew is told after the end', () => {
  const first = runThrough(alertWith(), [known(), known(), known(), known('a')]).record;
  const late = advanceState(alertWith(), first, 600, known('a'));
  expect(short(late.changes)).toEqual(['firing "a"']);
  const ended = advanceState(alertWith(), late.after, 1500, known());
  expect(short(ended.changes)).toEqual(['ok "a"']);
  const before = runThrough(alertWith(), [known(), known(), known()]).record;
  const past = advanceState(alertWith(), before, 300, known('a'));
  expect(short(past.changes)).toEqual(['firing "a"']);
  expect(short(advanceState(alertWith(), past.after, 1200, known('a')).changes)).toEqual([
    'ok "a"',
    'firing "a"',
  ]);
});

test('a new value is an event: no message says that it is no longer new', () => {
  const condition = {
    kind: 'new_value',
    filter: [],
    window: 'PT5M',
    field: 'src_country',
    known: 'P7D',
  } as const;
  const { sent } = runThrough(alertWith({ condition }), [known('KP'), known(), known('XX')]);
  expect(sent.map(short)).toEqual([['firing "KP"'], [], ['firing "XX"']]);
});

test('firing and resolved messages alternate, as a simple count of evaluations says', () => {
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
        const { sent } = runThrough(alert, outcomes);
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
          const real = sent.flatMap((changes, i) =>
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

test('what is over is named by its field, and by nothing where it is all flows together', () => {
  const rows = (split: string | null, key: string | null): unknown => {
    const condition = { ...alertWith().condition, split } as AlertContent['condition'];
    const one: Breach = { ...breach('a'), key: JSON.stringify(key), label: key };
    const { sent } = runThrough(alertWith({ condition }), [
      { kind: 'known', about, breaches: [one] },
      known(),
    ]);
    return sent[1]?.map(({ state, series }) => [state, series.map(({ row }) => row)]);
  };
  expect(rows('srcaddr', '198.51.100.7')).toEqual([['ok', [{ srcaddr: '198.51.100.7' }]]]);
  expect(rows(null, null)).toEqual([['ok', [{}]]]);
});
