import type { AlertContent } from '../model/alert/alert.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import { windowEnd } from './about-window.ts';
import { secondsOf } from './condition-seconds.ts';
import { isAboutNow } from './due-evaluations.ts';
import type { LostWindows } from './lost-windows.ts';
import { whyUnknown, type LogCoverage } from './log-coverage.ts';

/** A window that was due but could not be evaluated, or is to be evaluated again. Times are in Unix seconds. */
export interface OpenWindow {
  /** Its end. */
  readonly at: number;
  /** Since when its logs, or more of them, are there; null: they are not. */
  readonly since: number | null;
}

/** How many windows wait at most: a week of windows of five minutes. */
export const MOST_OPEN = 2_016;

/** What is to be done with the windows of an alert at one time. */
export interface WindowPlan {
  /** Those to evaluate: first those after all others, then those of the past; each the earliest first. */
  readonly evaluate: readonly number[];
  /** Those that go on waiting. */
  readonly open: readonly OpenWindow[];
  /** Those that are given up, since too many wait. */
  readonly lost: LostWindows | null;
}

/**
 * Which windows to evaluate now, of those that are due and those that waited for their logs. Logs that are late come in
 * parts: a window that waited is evaluated once they have been there for the alert's delay, and later ones after it, and so is
 * one that was evaluated before more of its logs came. Due windows without logs are evaluated too, which says that there is no data.
 *
 * @param waiting earlier windows, the earliest first
 * @param dataTo the end of the latest window that had data; null: none yet
 * @param now Unix seconds
 */
export function planWindows(
  alert: AlertContent,
  waiting: readonly OpenWindow[],
  due: readonly number[],
  dataTo: number | null,
  coverage: LogCoverage,
  now: number,
): WindowPlan {
  const newest = due.at(-1);
  if (isAboutNow(alert.condition)) {
    // Only the present counts.
    const at = newest ?? waiting.at(-1)?.at;
    return { evaluate: at === undefined ? [] : [at], open: [], lost: null };
  }
  const settles = durationSeconds(alert.delay) ?? 0;
  const evaluate: number[] = [];
  const again: number[] = [];
  const open: OpenWindow[] = [];
  const isPast = ({ at }: OpenWindow): boolean => dataTo !== null && at <= dataTo;
  const there = waiting.map(({ at, since }) => ({ at, since: lacksLogs(alert.condition, at, coverage) ? null : (since ?? now) })); // prettier-ignore
  const isSettled = ({ since }: OpenWindow): boolean => since !== null && now - since >= settles;
  // Those of the past together: what holds in several of them in a row is one.
  const isAgainDue = there.some((each) => isPast(each) && isSettled(each));
  /** Since when a window in order waits; later ones must, too, and no longer than it. Null: none does. */
  let blocked: number | null = null;
  for (const each of there) {
    if (each.since === null) open.push(each);
    else if (isPast(each)) {
      if (isAgainDue) again.push(each.at);
      else open.push(each);
    } else if (blocked === null && isSettled(each)) evaluate.push(each.at);
    else {
      open.push(each);
      blocked ??= each.since;
    }
  }
  const lacking = new Set(due.filter((at) => lacksLogs(alert.condition, at, coverage)));
  const last = [...lacking].at(-1);
  for (const at of due) {
    if (lacking.has(at)) {
      // That there is no data is said once.
      if (at === last) evaluate.push(at);
      open.push({ at, since: null });
    } else if (blocked !== null) open.push({ at, since: blocked });
    else evaluate.push(at);
  }
  const [first, ...more] = open.slice(0, -MOST_OPEN);
  const lost = first === undefined ? null : { from: first.at, to: more.at(-1)?.at ?? first.at, count: more.length + 1 }; // prettier-ignore
  return { evaluate: [...evaluate, ...again], open: open.slice(-MOST_OPEN), lost };
}

/** Windows in a row that wait since the same time, as they are stored. */
export interface OpenRun extends OpenWindow {
  /** The end of the last one; absent: it is one. */
  readonly to?: number;
}

export function runsOfOpen(windows: readonly OpenWindow[], step: number): readonly OpenRun[] {
  const runs: { at: number; to: number; since: number | null }[] = [];
  for (const { at, since } of windows) {
    const last = runs.at(-1);
    if (last !== undefined && last.since === since && at === last.to + step) last.to = at;
    else runs.push({ at, to: at, since });
  }
  return runs.map(({ at, to, since }) => (to === at ? { at, since } : { at, to, since }));
}

/** The windows of stored runs: those that an alert with that `step` has. */
export function openOfRuns(runs: readonly OpenRun[], step: number): readonly OpenWindow[] {
  return runs.flatMap(({ at, to = at, since }) =>
    at % step === 0
      ? Array.from({ length: Math.floor((to - at) / step) + 1 }, (_, i) => ({ at: at + i * step, since }))
      : [],
  );
}

/** Whether a window lacks logs that may yet come: those before the first flow do not. */
function lacksLogs(condition: AlertContent['condition'], at: number, coverage: LogCoverage): boolean {
  if (!('window' in condition) || coverage.range === null) return false;
  const length = secondsOf(condition.window);
  const to = windowEnd(condition, at);
  return to > coverage.range.from && whyUnknown({ ...coverage, range: { ...coverage.range, from: 0 } }, to - length, to) !== null; // prettier-ignore
}
