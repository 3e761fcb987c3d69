import type { AlertContent } from '../model/alert/alert.ts';
import type { AlertRecord, StoredSeries } from './alert-record.ts';
import { secondsOf } from './condition-seconds.ts';
import type { Breach } from './evaluation.ts';
import { iso } from './log-coverage.ts';
import { emptyTimeline, episodesOf, holdingBefore, knownAfter, knownBefore, type Episode, type WindowRun, type WindowTimeline } from './window-timeline.ts'; // prettier-ignore

/** How many series of an alert are remembered that fired in the past. */
const MOST_PAST = 2_000;

/** What an evaluated window makes of one series. */
export interface SeriesStep {
  /** What it is in now; null: ok, or as it was if it has not ended. */
  readonly next: StoredSeries | null;
  /** Whether what it was in is over. */
  readonly ended: boolean;
  /** Episodes of the past in which it fires, as is known only now. */
  readonly late: readonly StoredSeries[];
  /** The past episodes in which it fired. */
  readonly past: readonly WindowRun[];
}

/**
 * What a window that ends at `at` makes of one series.
 * @param earlier what was known before it
 * @param timeline what is known with it
 * @param waits whether a window is to be evaluated again: an episode beside it may be longer, and is not reported yet
 */
export function seriesStep(
  alert: AlertContent,
  earlier: WindowTimeline,
  timeline: WindowTimeline,
  at: number,
  was: StoredSeries | undefined,
  past: readonly WindowRun[],
  breach: Breach | undefined,
  key: string,
  waits: (at: number) => boolean,
): SeriesStep {
  const current = was === undefined || was.late === true ? undefined : was;
  const since = current === undefined ? null : Date.parse(current.since) / 1000;
  const pending = alert.for === null ? 0 : secondsOf(alert.for);
  const episodes = episodesOf(timeline, key, pending, since);
  const fires = since !== null && current?.state === 'firing' ? [{ from: since, to: Infinity }] : [];
  const isReported = (each: Episode): boolean =>
    [...past, ...fires].some(({ from, to }) =>
      isEvent(alert)
        ? Math.abs(from - each.start) <= eventLength(alert)
        : from <= each.end && to >= each.start,
    );
  const of = ({ start, firedAt }: Episode, fired: boolean): StoredSeries => ({
    key,
    label: breach?.label ?? was?.label ?? (key === '' ? null : JSON.parse(key)),
    value: (breach ?? was)?.value ?? null,
    threshold: (breach ?? was)?.threshold ?? null,
    since: iso(start),
    state: fired ? 'firing' : 'pending',
    fired_at: fired ? iso(firedAt ?? at) : null,
    acknowledged: null,
    notified: false,
  });
  const last = episodes.at(-1);
  const open = last?.open === true ? last : undefined;
  const missed = episodes.filter((each) => each.firedAt !== null && each !== open && !isReported(each) && !isBesideWaiting(timeline, each, waits)); // prettier-ignore
  const late = missed.map((each): StoredSeries => ({ ...of(each, true), late: true }));
  // What was reported as one episode may be several.
  const split = episodes.filter((each) => each.firedAt !== null && each !== open && fires.some(({ from }) => from <= each.end)); // prettier-ignore
  const known = [...past, ...[...missed, ...split].map(({ start, end }) => ({ from: start, to: end }))];
  if (open !== undefined) {
    const fired = current?.state === 'firing' || open.firedAt !== null;
    const begun = of(open, fired);
    // A past episode that was reported late, and continues until now, is the same episode.
    const goesOn =
      current ??
      (was !== undefined && Date.parse(was.fired_at ?? was.since) / 1000 >= open.start ? was : undefined);
    const next: StoredSeries =
      goesOn === undefined
        ? // Channels know that an earlier part of it is over: that it fires after all is news.
          { ...begun, notified: fired && isEvent(alert) && isReported(open) }
        : { ...begun, fired_at: goesOn.fired_at ?? begun.fired_at, acknowledged: goesOn.acknowledged, notified: isNotified(goesOn) }; // prettier-ignore
    return { next, ended: was !== undefined && goesOn === undefined, late, past: known };
  }
  const ended = was !== undefined && (was.late !== true || at >= earlier.to);
  if (!ended || current === undefined || since === null) return { next: null, ended, late, past: known };
  const held = episodes.findLast(({ end }) => end >= since);
  // An episode that turned out not to hold is over for its channels. If it holds after all, it is reported again.
  const fired = current.state === 'firing' && held !== undefined ? [{ from: Math.min(since, held.start), to: held.end }] : []; // prettier-ignore
  return { next: null, ended, late, past: [...known, ...fired] };
}

/** Whether a window right before or after an episode is to be evaluated again. */
function isBesideWaiting(
  timeline: WindowTimeline,
  { start, end }: Episode,
  waits: (at: number) => boolean,
): boolean {
  // prettier-ignore
  return waits(knownBefore(timeline, start)) || waits(knownAfter(timeline, end));
}

/** The timeline of an alert; a new one, with what fires, if it is evaluated at another interval now. */
export function timelineOf(alert: AlertContent, record: AlertRecord, at: number): WindowTimeline {
  const step = secondsOf(alert.every);
  if (record.timeline?.step === step) return record.timeline;
  const edge = record.dataTo ?? record.evaluatedTo;
  if (edge === null) return emptyTimeline(step, at);
  const to = Math.min(Math.floor(edge / step) * step, at - step);
  const holds = record.series.map(({ key }) => [key, [{ from: to, to }]] as const);
  return { step, from: to, to, unknown: [], holds: Object.fromEntries(holds) };
}

/** The series that held before a window: an absence lasts until there are flows again. */
export function activeAt(alert: AlertContent, record: AlertRecord, at: number): ReadonlySet<string> {
  return new Set(holdingBefore(timelineOf(alert, record, at), at));
}

/** The past episodes that end after a time: of the latest series, if there are too many. */
export function pastSince(
  past: Readonly<Record<string, readonly WindowRun[]>>,
  from: number,
): Readonly<Record<string, readonly WindowRun[]>> {
  const recent = Object.entries(past).flatMap(([key, runs]) => {
    const some = runs.filter(({ to }) => to >= from);
    return some.length === 0 ? [] : [[key, some] as const];
  });
  if (recent.length > MOST_PAST)
    recent.sort(([, one], [, other]) => (other.at(-1)?.to ?? 0) - (one.at(-1)?.to ?? 0));
  return Object.fromEntries(recent.slice(0, MOST_PAST));
}

/** Whether a condition is a momentary event, such as a new value. */
export function isEvent({ condition }: AlertContent): boolean {
  return condition.kind === 'new_value';
}

export function isNotified({ notified, state }: StoredSeries): boolean {
  return notified ?? state === 'firing';
}

/** How long a value is known once it has been seen. */
function eventLength({ condition }: AlertContent): number {
  return condition.kind === 'new_value' ? secondsOf(condition.known) : 0;
}
