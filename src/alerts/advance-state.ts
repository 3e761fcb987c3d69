import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertEvent, AlertSeries, AlertSilence, AlertStateName } from '../model/alert/alert-state.ts';
import { seriesField } from '../model/alert/series-field.ts';
import { newRecord, type AlertRecord, type StoredSeries } from './alert-record.ts';
import type { About, Breach, Evaluation } from './evaluation.ts';
import { iso } from './log-coverage.ts';
import { isEvent, isNotified, pastSince, seriesStep, timelineOf } from './series-step.ts';
import { isKnown, withWindow } from './window-timeline.ts';

/** A change that a message is sent about: the series that entered a state in one evaluation. */
export interface Change {
  /** `recovered`: an error is over. */
  readonly state: 'firing' | 'ok' | 'error' | 'recovered';
  readonly series: readonly { readonly key: string; readonly value: number | null; readonly threshold: number | null; readonly row: Breach['row'] }[]; // prettier-ignore
  readonly reason: string | null;
  /** The end of the window in which they began to fire, in Unix seconds; absent: the evaluated one. */
  readonly firedAt?: number;
}

/** A failed evaluation. */
export interface Failure {
  readonly kind: 'error';
  readonly reason: string;
  readonly about: About;
}

const MOST_HISTORY = 500;
const RECOVERED = 'The alert can be evaluated again.';
const NOT_HELD = 'Logs that came later show that it did not hold.';

/**
 * The state of an alert after an evaluation at `at` (Unix seconds), and the messages that are due: one for each episode in
 * which a series fires, and one for each that fired and is ok again, unless the condition is a momentary event. An
 * evaluation without data changes no series: a firing one stays so, since its state is unknown. Silenced series change
 * their state without a message; if the condition still holds when the silence ends, the message is sent then. A window
 * that is evaluated late, or again, changes what was known of its time: episodes that begin to fire because of it are
 * reported, none is reported twice, and a series that fires although the condition did not hold is over.
 */
export function advanceState(
  alert: AlertContent,
  before: AlertRecord,
  at: number,
  outcome: Evaluation | Failure,
): { readonly after: AlertRecord; readonly changes: readonly Change[] } {
  const moment = iso(at);
  const evaluatedTo = Math.max(at, before.evaluatedTo ?? at);
  const silences = before.silences.filter(({ until }) => Date.parse(until) / 1000 > at);
  const kept = at < evaluatedTo ? before.silences : silences;
  const earlier = timelineOf(alert, before, at);
  if (outcome.kind !== 'known') {
    const { kind, reason } = outcome;
    // A window that waited and still has no data: the state is that of later windows.
    if (kind === 'no_data' && at < evaluatedTo) return { after: before, changes: [] };
    // Which hour lacks logs changes with each window.
    const fresh = before.trouble?.state !== kind || (kind === 'error' && before.trouble.reason !== reason);
    const event = eventOf(moment, kind, { reason });
    const begins = kind === 'error' && before.errorNotified !== true && !isSilenced(silences, '');
    return {
      after: {
        ...before,
        silences: kept,
        evaluatedTo,
        timeline: at > earlier.to ? withWindow(earlier, at, null) : earlier,
        trouble: { state: kind, reason },
        errorNotified: begins || before.errorNotified === true,
        history: remember(before.history, fresh ? [event] : []),
      },
      changes: begins ? [{ state: 'error', series: [], reason }] : [],
    };
  }
  const holding = new Map(outcome.breaches.map((each) => [each.key, each]));
  const timeline = withWindow(earlier, at, [...holding.keys()]);
  const old = new Map(before.series.map((series) => [series.key, series]));
  const keys = new Set([...old.keys(), ...holding.keys()]);
  if (at <= earlier.to) for (const key of [...Object.keys(earlier.holds), ...Object.keys(timeline.holds)]) keys.add(key); // prettier-ignore
  const events: AlertEvent[] = [];
  const unsent = new Map((before.unsentEnds ?? []).map((series) => [series.key, series]));
  const series: StoredSeries[] = [];
  const alone: StoredSeries[] = [];
  const over: StoredSeries[] = [];
  const past = { ...before.past };
  const reason = at < earlier.to || isKnown(earlier, at) ? NOT_HELD : null;
  const waiting = new Set((before.open ?? []).flatMap((each) => (each.at === at ? [] : [each.at])));
  const waits = (end: number): boolean => waiting.has(end) && isKnown(earlier, end);
  for (const key of keys) {
    const was = old.get(key);
    const step = seriesStep(alert, earlier, timeline, at, was, past[key] ?? [], holding.get(key), key, waits);
    if (step.past.length > 0) past[key] = step.past;
    for (const each of step.late) events.push(eventOf(each.fired_at ?? moment, 'firing', each));
    if (step.ended && was !== undefined) {
      over.push(was);
      events.push(eventOf(moment, 'ok', { ...was, value: null, reason: was.late === true ? null : reason }));
    }
    alone.push(...(step.next === null ? step.late.slice(0, -1) : step.late));
    const next = step.next ?? step.late.at(-1);
    if (next === undefined) {
      if (was !== undefined && !step.ended) series.push(was);
      continue;
    }
    const isNew = next.state !== was?.state || step.ended;
    // An episode that was reported before, and continues until now, is no new event.
    if (step.next !== null && isNew && (next.notified !== true || was !== undefined))
      events.push(eventOf(next.fired_at ?? moment, next.state, next));
    // It ended and began again within a silence: for the channels it still fires.
    series.push(unsent.delete(key) ? { ...next, notified: true } : next);
  }
  const notifies = ({ key }: AlertSeries): boolean => !isSilenced(silences, key);
  const fired = [...alone, ...series].filter(
    (each) => each.state === 'firing' && !isNotified(each) && each.acknowledged === null && notifies(each),
  );
  const sent = new Set(fired);
  const ended = isEvent(alert) ? [] : [...unsent.values(), ...over.filter(isNotified)];
  const recovers = before.errorNotified === true && !isSilenced(silences, '');
  const endings = { ...changeTo(alert, 'ok', ended.filter(notifies), holding), reason: over.some(({ late }) => late !== true) ? reason : null }; // prettier-ignore
  // Series that a silence hid are reported as firing now.
  const began = (each: StoredSeries): number =>
    each.fired_at === null || (!alone.includes(each) && old.get(each.key)?.state === 'firing')
      ? at
      : Date.parse(each.fired_at) / 1000;
  const firings = firingsOf(alert, fired, holding, at, began);
  const again = new Set(fired.map(({ key }) => key));
  return {
    after: {
      evaluatedTo,
      dataTo: Math.max(at, before.dataTo ?? at),
      open: before.open ?? [],
      ...(before.lost === undefined ? {} : { lost: before.lost }),
      trouble: at < evaluatedTo && before.trouble?.state === 'no_data' ? before.trouble : null,
      series: series.map((each) => (sent.has(each) ? { ...each, notified: true } : each)),
      unsentEnds: ended.filter((each) => !notifies(each)),
      errorNotified: before.errorNotified === true && !recovers,
      silences: kept,
      history: remember(before.history, events),
      timeline,
      past: pastSince(past, timeline.from),
    },
    changes: [
      // If a series ends and fires again, the messages have this order.
      ...(ended.some(({ key }) => again.has(key)) ? [endings, ...firings] : [...firings, endings]),
      ...(recovers ? [{ state: 'recovered' as const, series: [], reason: RECOVERED }] : []),
    ].filter(({ state, series: some }) => state === 'recovered' || some.length > 0),
  };
}

/** The state of an alert that was disabled or deleted: nothing fires any more, and channels that were notified of a firing series are notified of that. */
export function disableAlert(
  alert: AlertContent,
  before: AlertRecord,
  at: number,
  reason: string,
): { readonly after: AlertRecord; readonly changes: readonly Change[] } {
  const silences = before.silences.filter(({ until }) => Date.parse(until) / 1000 > at);
  const events = before.series.map((series) => eventOf(iso(at), 'ok', { ...series, value: null, reason }));
  // In a silence too: nothing comes after it that could say so.
  const notified = isEvent(alert)
    ? []
    : [...(before.unsentEnds ?? []), ...before.series.filter((each) => isNotified(each))];
  return {
    after: { ...newRecord, silences, history: remember(before.history, events) },
    changes: [
      ...(notified.length === 0 ? [] : [{ ...changeTo(alert, 'ok', notified, new Map()), reason }]),
      ...(before.errorNotified === true ? [{ state: 'recovered' as const, series: [], reason }] : []),
    ],
  };
}

/** The worst state of an alert's series, or why it is unknown. */
export function stateOf({ trouble, series }: AlertRecord): AlertStateName {
  if (trouble !== null) return trouble.state;
  if (series.some(({ state }) => state === 'firing')) return 'firing';
  return series.length > 0 ? 'pending' : 'ok';
}

/** A change for each window in which series began to fire, the earliest first: an evaluation may show what held in others. */
function firingsOf(
  alert: AlertContent,
  fired: readonly StoredSeries[],
  holding: ReadonlyMap<string, Breach>,
  at: number,
  began: (series: StoredSeries) => number,
): readonly Change[] {
  const windows = new Map<number, StoredSeries[]>();
  for (const series of fired) {
    const window = began(series);
    windows.set(window, [...(windows.get(window) ?? []), series]);
  }
  return [...windows]
    .toSorted(([one], [other]) => one - other)
    .map(([window, series]) => ({ ...changeTo(alert, 'firing', series, holding), ...(window === at ? {} : { firedAt: window }) })); // prettier-ignore
}

function changeTo(
  { condition }: AlertContent,
  state: 'firing' | 'ok',
  series: readonly AlertSeries[],
  holding: ReadonlyMap<string, Breach>,
): Change {
  // Where it does not hold, the evaluation has no row of it.
  const name = seriesField(condition) ?? 'value';
  return {
    state,
    reason: null,
    series: series.map(({ key, label, value, threshold }) => ({
      key,
      value: state === 'ok' ? null : value,
      threshold,
      row: holding.get(key)?.row ?? (label === null ? {} : { [name]: label }),
    })),
  };
}

function isSilenced(silences: readonly AlertSilence[], key: string): boolean {
  return silences.some((silence) => silence.key === null || silence.key === key);
}

function eventOf(
  at: string,
  state: AlertEvent['state'],
  of: Partial<Pick<AlertEvent, 'key' | 'label' | 'value' | 'threshold' | 'reason'>>,
): AlertEvent {
  const { key = '', label = null, value = null, threshold = null, reason = null } = of;
  return { at, key, label, state, value, threshold, reason };
}

function remember(history: readonly AlertEvent[], events: readonly AlertEvent[]): readonly AlertEvent[] {
  return events.length === 0 ? history : [...events.toReversed(), ...history].slice(0, MOST_HISTORY);
}
