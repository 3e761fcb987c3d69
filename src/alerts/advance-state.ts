import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertEvent, AlertSeries, AlertSilence, AlertStateName } from '../model/alert/alert-state.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import type { About, Breach, Evaluation } from './evaluation.ts';
import { iso } from './log-coverage.ts';

/** The stored state of an alert between evaluations. */
export interface AlertRecord {
  /** The end of the window that was evaluated last, in Unix seconds; null: none yet. */
  readonly evaluatedTo: number | null;
  /** Why the current state is unknown; null: it is known. */
  readonly trouble: { readonly state: 'no_data' | 'error'; readonly reason: string } | null;
  /** Those that are not ok. */
  readonly series: readonly AlertSeries[];
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
  readonly state: 'firing' | 'ok' | 'error';
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
const DISABLED = 'The alert was disabled.';

/**
 * The state of an alert after an evaluation at `at` (Unix seconds), and the messages that are due: one for each series that
 * starts to fire, and one for each that fired and is ok again, unless the condition is a momentary event. An evaluation
 * without data changes no series: a firing one stays so, since its state is unknown. Silenced and acknowledged series
 * change their state too, but no message is sent about them.
 */
export function advanceState(
  alert: AlertContent,
  before: AlertRecord,
  at: number,
  outcome: Evaluation | Failure,
): { readonly after: AlertRecord; readonly changes: readonly Change[] } {
  const moment = iso(at);
  const silences = before.silences.filter(({ until }) => Date.parse(until) / 1000 > at);
  if (outcome.kind !== 'known') {
    const { kind, reason } = outcome;
    const fresh = before.trouble?.state !== kind || before.trouble.reason !== reason;
    const event = eventOf(moment, kind, { reason });
    const begins = kind === 'error' && before.trouble?.state !== 'error' && !isSilenced(silences, '');
    return {
      after: {
        ...before,
        silences,
        evaluatedTo: at,
        trouble: { state: kind, reason },
        history: remember(before.history, fresh ? [event] : []),
      },
      changes: begins ? [{ state: 'error', series: [], reason }] : [],
    };
  }
  const old = new Map(before.series.map((series) => [series.key, series]));
  const holding = new Map(outcome.breaches.map((each) => [each.key, each]));
  const events: AlertEvent[] = [];
  const series = outcome.breaches.map((breach): AlertSeries => {
    const next = seriesAfter(alert, old.get(breach.key), breach, at);
    if (next.state !== old.get(breach.key)?.state) events.push(eventOf(moment, next.state, next));
    return next;
  });
  const over = before.series.filter(({ key }) => !holding.has(key));
  for (const each of over) events.push(eventOf(moment, 'ok', { ...each, value: null }));
  const notifies = ({ key, acknowledged }: AlertSeries): boolean =>
    acknowledged === null && !isSilenced(silences, key);
  const fired = series.filter(({ key, state }) => state === 'firing' && old.get(key)?.state !== 'firing');
  const ended = isEvent(alert) ? [] : over.filter(({ state }) => state === 'firing');
  return {
    after: {
      evaluatedTo: at,
      trouble: null,
      series,
      silences,
      history: remember(before.history, events),
    },
    changes: [
      changeTo('firing', fired.filter(notifies), holding),
      changeTo('ok', ended.filter(notifies), holding),
    ].filter(({ series: some }) => some.length > 0),
  };
}

/** The state of an alert that was disabled: nothing fires any more, and channels that were notified of a firing series are notified of that. */
export function disableAlert(
  alert: AlertContent,
  before: AlertRecord,
  at: number,
): { readonly after: AlertRecord; readonly changes: readonly Change[] } {
  const silences = before.silences.filter(({ until }) => Date.parse(until) / 1000 > at);
  const events = before.series.map((series) =>
    eventOf(iso(at), 'ok', { ...series, value: null, reason: DISABLED }),
  );
  const notified = before.series.filter(
    ({ key, state, acknowledged }) =>
      state === 'firing' && acknowledged === null && !isEvent(alert) && !isSilenced(silences, key),
  );
  return {
    after: {
      evaluatedTo: null,
      trouble: null,
      series: [],
      silences,
      history: remember(before.history, events),
    },
    changes: notified.length === 0 ? [] : [{ ...changeTo('ok', notified, new Map()), reason: DISABLED }],
  };
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
function isEvent({ condition }: AlertContent): boolean {
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
