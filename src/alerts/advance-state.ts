import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertEvent, AlertSeries, AlertSilence, AlertStateName } from '../model/alert/alert-state.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import type { About, Breach, Evaluation } from './evaluation.ts';
import type { OpenWindow } from './late-windows.ts';
import { iso } from './log-coverage.ts';

/** A series, and whether its channels were notified that it fires; absent: written by an earlier version. */
interface StoredSeries extends AlertSeries {
  readonly notified?: boolean;
}

/** The stored state of an alert between evaluations. */
export interface AlertRecord {
  /** The end of the latest window that was due, in Unix seconds; null: none yet. */
  readonly evaluatedTo: number | null;
  /** The end of the latest window that had data; null: none yet. */
  readonly dataTo?: number | null;
  /** Due windows that wait: for their logs, or after an error. The earliest first. */
  readonly open?: readonly OpenWindow[];
  /** Series that ended in a silence, although channels were notified that they fire. */
  readonly unsentEnds?: readonly StoredSeries[];
  /** Whether channels were notified of an error that lasts. */
  readonly errorNotified?: boolean;
  /** Why the current state is unknown; null: it is known. */
  readonly trouble: { readonly state: 'no_data' | 'error'; readonly reason: string } | null;
  /** Those that are not ok. */
  readonly series: readonly StoredSeries[];
  readonly silences: readonly AlertSilence[];
  /** The latest first. */
  readonly history: readonly AlertEvent[];
}

export const newRecord: AlertRecord = {
  evaluatedTo: null,
  trouble: null,
  series: [],
  silences: [],
  history: [],
};

/** A change that a message is sent about: the series that entered a state in one evaluation. */
export interface Change {
  /** `recovered`: an error is over. */
  readonly state: 'firing' | 'ok' | 'error' | 'recovered';
  readonly series: readonly { readonly key: string; readonly value: number | null; readonly threshold: number | null; readonly row: Breach['row'] }[]; // prettier-ignore
  readonly reason: string | null;
}

/** A failed evaluation. */
export interface Failure {
  readonly kind: 'error';
  readonly reason: string;
  readonly about: About;
}

const MOST_HISTORY = 500;
const RECOVERED = 'The alert can be evaluated again.';

/**
 * The state of an alert after an evaluation at `at` (Unix seconds), and the messages that are due: one for each series that
 * starts to fire, and one for each that fired and is ok again, unless the condition is a momentary event. An evaluation
 * without data changes no series: a firing one stays so, since its state is unknown. Silenced series change their state
 * without a message; what still holds when the silence ends is sent then. Of a window before the latest one with data,
 * only what it adds counts: the state has moved on.
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
  if (outcome.kind !== 'known') {
    const { kind, reason } = outcome;
    // A window that waited, and for which data is lacking still: the state is that of later ones.
    if (kind === 'no_data' && at < evaluatedTo) return { after: before, changes: [] };
    // Which hour lacks logs changes with each window.
    const fresh = before.trouble?.state !== kind || (kind === 'error' && before.trouble.reason !== reason);
    const event = eventOf(moment, kind, { reason });
    const begins = kind === 'error' && before.errorNotified !== true && !isSilenced(silences, '');
    return {
      after: {
        ...before,
        silences,
        evaluatedTo,
        trouble: { state: kind, reason },
        errorNotified: begins || before.errorNotified === true,
        history: remember(before.history, fresh ? [event] : []),
      },
      changes: begins ? [{ state: 'error', series: [], reason }] : [],
    };
  }
  const isLate = before.dataTo !== undefined && before.dataTo !== null && at < before.dataTo;
  const old = new Map(before.series.map((series) => [series.key, series]));
  const holding = new Map(outcome.breaches.map((each) => [each.key, each]));
  // How long it held is not known of a window by itself.
  const counted = isLate ? lateBreaches(alert, outcome.breaches, old) : outcome.breaches;
  const events: AlertEvent[] = [];
  const unsent = new Map((before.unsentEnds ?? []).map((series) => [series.key, series]));
  const current = counted.map((breach): StoredSeries => {
    const was = old.get(breach.key);
    const next = seriesAfter(alert, was, breach, at);
    if (next.state !== was?.state) events.push(eventOf(moment, next.state, next));
    // It ended and began again within a silence: channels have it as firing.
    return { ...next, notified: unsent.delete(breach.key) || (was !== undefined && isNotified(was)) };
  });
  const notifies = ({ key }: AlertSeries): boolean => !isSilenced(silences, key);
  const fired = current.filter(
    (each) => each.state === 'firing' && !isNotified(each) && each.acknowledged === null && notifies(each),
  );
  const sent = new Set(fired);
  const series = [
    ...(isLate ? before.series : []),
    ...current.map((each) => (sent.has(each) ? { ...each, notified: true } : each)),
  ];
  const over = isLate ? [] : before.series.filter(({ key }) => !holding.has(key));
  for (const each of over) events.push(eventOf(moment, 'ok', { ...each, value: null }));
  const ended = isEvent(alert) ? [] : [...unsent.values(), ...over.filter(isNotified)];
  const recovers = before.errorNotified === true && !isSilenced(silences, '');
  return {
    after: {
      evaluatedTo,
      dataTo: Math.max(at, before.dataTo ?? at),
      open: before.open ?? [],
      trouble: at < evaluatedTo && before.trouble?.state === 'no_data' ? before.trouble : null,
      series,
      unsentEnds: ended.filter((each) => !notifies(each)),
      errorNotified: before.errorNotified === true && !recovers,
      silences,
      history: remember(before.history, events),
    },
    changes: [
      changeTo('firing', fired, holding),
      changeTo('ok', ended.filter(notifies), holding),
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
      ...(notified.length === 0 ? [] : [{ ...changeTo('ok', notified, new Map()), reason }]),
      ...(before.errorNotified === true ? [{ state: 'recovered' as const, series: [], reason }] : []),
    ],
  };
}

/** What a late window adds: series that do not fire, where a single window is enough to fire. */
function lateBreaches(
  alert: AlertContent,
  breaches: readonly Breach[],
  old: ReadonlyMap<string, StoredSeries>,
): readonly Breach[] {
  return alert.for === null ? breaches.filter(({ key }) => !old.has(key)) : [];
}

function isNotified({ notified, state }: StoredSeries): boolean {
  return notified ?? state === 'firing';
}

/** The worst state of an alert's series, or why it is unknown. */
export function stateOf({ trouble, series }: AlertRecord): AlertStateName {
  if (trouble !== null) return trouble.state;
  if (series.some(({ state }) => state === 'firing')) return 'firing';
  return series.length > 0 ? 'pending' : 'ok';
}

function seriesAfter(
  alert: AlertContent,
  old: AlertSeries | undefined,
  { key, label, value, threshold }: Breach,
  at: number,
): AlertSeries {
  const since = old?.since ?? iso(at);
  const pending = alert.for === null ? 0 : (durationSeconds(alert.for) ?? 0);
  const fires = old?.state === 'firing' || at - Date.parse(since) / 1000 >= pending;
  return {
    key,
    label,
    value,
    threshold,
    since,
    state: fires ? 'firing' : 'pending',
    fired_at: old?.fired_at ?? (fires ? iso(at) : null),
    acknowledged: old?.acknowledged ?? null,
  };
}

function changeTo(
  state: 'firing' | 'ok',
  series: readonly AlertSeries[],
  holding: ReadonlyMap<string, Breach>,
): Change {
  return {
    state,
    reason: null,
    series: series.map(({ key, label, value, threshold }) => ({
      key,
      value: state === 'ok' ? null : value,
      threshold,
      row: holding.get(key)?.row ?? { value: label },
    })),
  };
}

/** Whether a condition is a momentary event, such as a new value. */
export function isEvent({ condition }: AlertContent): boolean {
  return condition.kind === 'new_value';
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
