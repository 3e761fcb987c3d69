import type { AlertContent } from '../model/alert/alert.ts';
import { durationSeconds } from '../model/time/duration-seconds.ts';
import { secondsOf } from './condition-seconds.ts';
import { isAboutNow } from './due-evaluations.ts';
import { whyUnknown, type LogCoverage } from './log-coverage.ts';

/** A window that was due but could not be evaluated. Times are in Unix seconds. */
export interface OpenWindow {
  /** Its end. */
  readonly at: number;
  /** Since when its logs are there; null: they are not. */
  readonly since: number | null;
}

/** How many windows wait at most: a day of windows of five minutes. */
const MOST_OPEN = 288;

/** What is to be done with the windows of an alert at one time. */
export interface WindowPlan {
  /** Those to evaluate, the earliest first. */
  readonly evaluate: readonly number[];
  /** Those that go on waiting. */
  readonly open: readonly OpenWindow[];
}

/**
 * Which windows to evaluate now, of those that are due and those that waited for their logs. Logs that are late come in
 * parts: a window that waited is evaluated once they have been there for the alert's delay, and later ones after it. Due
 * windows without logs are evaluated too, which says that there is no data.
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
    return { evaluate: at === undefined ? [] : [at], open: [] };
  }
  const settles = durationSeconds(alert.delay) ?? 0;
  const evaluate: number[] = [];
  const open: OpenWindow[] = [];
  /** Since when a window in order waits; later ones must, too, and no longer than it. Null: none does. */
  let blocked: number | null = null;
  for (const { at, since } of waiting.slice(-MOST_OPEN)) {
    if (lacksLogs(alert.condition, at, coverage)) {
      open.push({ at, since: null });
      continue;
    }
    const there = since ?? now;
    if (blocked === null && now - there >= settles) evaluate.push(at);
    else {
      open.push({ at, since: there });
      if (dataTo === null || at > dataTo) blocked ??= there;
    }
  }
  for (const at of due) {
    if (lacksLogs(alert.condition, at, coverage)) {
      evaluate.push(at);
      open.push({ at, since: null });
    } else if (blocked !== null) open.push({ at, since: blocked });
    else evaluate.push(at);
  }
  return { evaluate, open: open.slice(-MOST_OPEN) };
}

/** Whether a window lacks logs that may yet come: those before the first flow do not. */
function lacksLogs(condition: AlertContent['condition'], at: number, coverage: LogCoverage): boolean {
  if (!('window' in condition) || coverage.range === null) return false;
  const length = secondsOf(condition.window);
  const to = condition.kind === 'absence' ? Math.floor(at / length) * length : at;
  return to > coverage.range.from && whyUnknown({ ...coverage, range: { ...coverage.range, from: 0 } }, to - length, to) !== null; // prettier-ignore
}
