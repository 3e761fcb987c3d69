import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertEvent } from '../model/alert/alert-state.ts';
import { PeepholeError } from '../model/errors.ts';
import { advanceState } from './advance-state.ts';
import { newRecord } from './alert-record.ts';
import { isAboutNow } from './due-evaluations.ts';
import { secondsOf } from './condition-seconds.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import type { AlertData } from './evaluation.ts';
import { canAddUp, previewQueries } from './preview-queries.ts';
import { activeAt } from './series-step.ts';
import { AGGREGATION, iso, logCoverage, type LogCoverage } from './log-coverage.ts';

/** The most evaluations of a preview, which take some seconds: where a day, or a window, is one query; and else. */
const MOST_SHARED = 8_640;
const MOST_ALONE = 1_500;
/** After so many, other work of the process goes on. */
const AT_ONCE = 50;
/** Coverage has a resolution of an hour. */
const HOUR = 3600;

/** When an alert would have fired. */
export interface AlertPreview {
  /** The first and the last evaluation. */
  readonly from: string;
  readonly to: string;
  readonly looks: number;
  /** Those of them without data. */
  readonly no_data: number;
  /** Each time that a series started to fire, the earliest first. */
  readonly fired: readonly Pick<AlertEvent, 'at' | 'label' | 'value' | 'threshold'>[];
}

/**
 * Evaluates an alert for the past, each window as a server does, up to the newest flow: over `seconds`, or as far as the most
 * evaluations reach. A window that ends after `now` (Unix seconds) is left out: it is not complete. Throws `impossible_query` for conditions
 * about the present only, and the errors of queries.
 */
export async function previewAlert(
  alert: AlertContent,
  data: AlertData & { status(): Promise<Parameters<typeof logCoverage>[0]> },
  seconds: number,
  now: number,
): Promise<AlertPreview> {
  if (isAboutNow(alert.condition))
    throw new PeepholeError(
      'impossible_query',
      'What sources, findings and the newest logs were in the past is not kept: this alert can’t be previewed.',
    );
  const coverage = logCoverage(await data.status());
  const points = pointsOf(alert, coverage, seconds, now);
  let record = newRecord;
  let unknown = 0;
  const fired: AlertEvent[] = [];
  const asked: AlertData = {
    query: previewQueries(alert, (json) => data.query(json)),
    knocks: (time) => data.knocks(time),
    sources: () => data.sources(),
  };
  for (const [i, at] of points.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate);
    const active = activeAt(alert, record, at);
    const outcome = await evaluateCondition(alert.condition, asked, { at, coverage, active });
    if (outcome.kind === 'no_data') unknown++;
    const { after } = advanceState(alert, { ...record, history: [] }, at, outcome);
    fired.push(...after.history.filter(({ state }) => state === 'firing').toReversed());
    record = after;
  }
  return {
    from: iso(points[0] ?? 0),
    to: iso(points.at(-1) ?? 0),
    looks: points.length,
    no_data: unknown,
    fired: fired.map(({ at, label, value, threshold }) => ({ at, label, value, threshold })),
  };
}

function pointsOf(
  alert: AlertContent,
  { range }: LogCoverage,
  seconds: number,
  now: number,
): readonly number[] {
  if (range === null) return [];
  const { condition } = alert;
  const step = secondsOf(alert.every);
  const most = canAddUp(alert) || condition.kind === 'absence' ? MOST_SHARED : MOST_ALONE;
  const first = Math.floor(range.from / HOUR) * HOUR;
  const last = Math.floor(Math.min(range.to + AGGREGATION, now) / step) * step;
  const count = Math.min(most, Math.floor(Math.min(seconds, last - first) / step));
  return Array.from({ length: Math.max(0, count) }, (_, i) => last - step * (count - 1 - i));
}
