/** Windows in a row, by the ends of the first and the last, in Unix seconds. */
export interface WindowRun {
  readonly from: number;
  readonly to: number;
}

/**
 * What the windows of an alert said: those between `from` and `to`, a `step` apart, have data unless they are among the
 * `unknown`, and each series holds in its runs. Logs that come later change single windows of it.
 */
export interface WindowTimeline {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly unknown: readonly WindowRun[];
  readonly holds: Readonly<Record<string, readonly WindowRun[]>>;
}

/** Windows in a row in which a series holds; those without data between them count as such. */
export interface Episode {
  readonly start: number;
  /** The last window in which it holds. */
  readonly end: number;
  /** The first window at which it has held for long enough; null: none. */
  readonly firedAt: number | null;
  /** Whether no later window says that it is over. */
  readonly open: boolean;
  /** Whether nothing is known of the time before it. */
  readonly atEdge: boolean;
}

/** How far back windows are remembered, in seconds: logs that come later than this change nothing. */
export const HORIZON = 7 * 86_400;
/** How many runs of an alert are remembered: of one with more, those further back are forgotten sooner. */
const MOST_RUNS = 5_000;

export function emptyTimeline(step: number, at: number): WindowTimeline {
  return { step, from: at, to: at - step, unknown: [], holds: {} };
}

/** Whether a window has been evaluated with data. */
export function isKnown({ from, to, unknown }: WindowTimeline, at: number): boolean {
  return at >= from && at <= to && !isIn(unknown, at);
}

/** The nearest window with data before one, or the one before all that are remembered. */
export function knownBefore({ unknown, step }: WindowTimeline, at: number): number {
  const run = unknown.find(({ from, to }) => from <= at - step && at - step <= to);
  return run === undefined ? at - step : run.from - step;
}

/** The nearest window with data after one, or the one after all. */
export function knownAfter({ unknown, step }: WindowTimeline, at: number): number {
  const run = unknown.find(({ from, to }) => from <= at + step && at + step <= to);
  return run === undefined ? at + step : run.to + step;
}

/** The series that hold in a window. */
export function holdingAt({ holds }: WindowTimeline, at: number): readonly string[] {
  return Object.keys(holds).filter((key) => isIn(holds[key] ?? [], at));
}

/** The series that held in the latest window with data before one. */
export function holdingBefore(timeline: WindowTimeline, at: number): readonly string[] {
  const { holds, step, to } = timeline;
  const last = Math.min(to, at - step);
  return Object.keys(holds).filter((key) => {
    const run = (holds[key] ?? []).findLast(({ from }) => from <= last);
    return run !== undefined && (run.to >= last || allUnknown(timeline, run.to + step, last));
  });
}

/** With what a window says: the keys of the series that hold; null: no data. Windows that were left out have no data. */
export function withWindow(
  timeline: WindowTimeline,
  at: number,
  keys: readonly string[] | null,
): WindowTimeline {
  const { step, from, to } = timeline;
  if (at < from) return timeline;
  let { unknown } = timeline;
  const holds: Record<string, readonly WindowRun[]> = { ...timeline.holds };
  if (at > to + step) unknown = [...unknown, { from: to + step, to: at - step }];
  if (at <= to) {
    unknown = without(unknown, at, step);
    for (const [key, runs] of Object.entries(holds)) {
      const rest = without(runs, at, step);
      if (rest.length === 0) delete holds[key];
      else holds[key] = rest;
    }
  }
  if (keys === null) unknown = withOne(unknown, at, step);
  else for (const key of keys) holds[key] = withOne(holds[key] ?? [], at, step);
  return pruned({ step, from, to: Math.max(to, at), unknown: joined(unknown, step), holds });
}

/**
 * The episodes of a series, the earliest first.
 * @param pending seconds that it must hold before it fires
 * @param since when it began to hold, as far as is known from elsewhere, if the first episode is at the edge
 */
export function episodesOf(
  timeline: WindowTimeline,
  key: string,
  pending: number,
  since: number | null,
): readonly Episode[] {
  const { step, from, to } = timeline;
  const episodes: { start: number; end: number; firedAt: number | null; atEdge: boolean }[] = [];
  for (const run of timeline.holds[key] ?? []) {
    let last = episodes.at(-1);
    if (last === undefined || !allUnknown(timeline, last.end + step, run.from - step)) {
      const atEdge = run.from <= from || allUnknown(timeline, from, run.from - step);
      const start = atEdge && since !== null ? Math.min(since, run.from) : run.from;
      last = { start, end: run.to, firedAt: null, atEdge };
      episodes.push(last);
    }
    last.end = run.to;
    const early = Math.max(0, last.start + pending - run.from);
    const fires = run.from + Math.ceil(early / step) * step;
    if (fires <= run.to) last.firedAt ??= fires;
  }
  return episodes.map((each) => ({ ...each, open: allUnknown(timeline, each.end + step, to) }));
}

/** Whether there are no windows with data between two, both included. */
function allUnknown({ unknown }: WindowTimeline, from: number, to: number): boolean {
  return from > to || unknown.some((run) => run.from <= from && run.to >= to);
}

function isIn(runs: readonly WindowRun[], at: number): boolean {
  return runs.some(({ from, to }) => from <= at && at <= to);
}

function withOne(runs: readonly WindowRun[], at: number, step: number): readonly WindowRun[] {
  if (isIn(runs, at)) return runs;
  const after = runs.findIndex(({ from }) => from > at);
  const place = after === -1 ? runs.length : after;
  return joined([...runs.slice(0, place), { from: at, to: at }, ...runs.slice(place)], step);
}

function without(runs: readonly WindowRun[], at: number, step: number): readonly WindowRun[] {
  if (!isIn(runs, at)) return runs;
  return runs.flatMap((run) =>
    run.from > at || run.to < at
      ? [run]
      : [
          { from: run.from, to: at - step },
          { from: at + step, to: run.to },
        ].filter(({ from, to }) => from <= to),
  );
}

function joined(runs: readonly WindowRun[], step: number): readonly WindowRun[] {
  const all: { from: number; to: number }[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last !== undefined && run.from <= last.to + step) last.to = Math.max(last.to, run.to);
    else all.push({ ...run });
  }
  return all;
}

/** Without what lies too far back. Runs that reach into the rest keep their beginning. */
function pruned(timeline: WindowTimeline): WindowTimeline {
  const { step, from, to } = timeline;
  const count = Object.values(timeline.holds).reduce((sum, runs) => sum + runs.length, 0);
  const kept = count > MOST_RUNS ? (to - from) / 2 : HORIZON;
  if (to - from <= kept) return timeline;
  const first = to - Math.floor(kept / step) * step;
  const rest = (runs: readonly WindowRun[]): readonly WindowRun[] => runs.filter((run) => run.to >= first);
  const holds = Object.entries(timeline.holds).flatMap(([key, runs]) => {
    const some = rest(runs);
    return some.length === 0 ? [] : [[key, some] as const];
  });
  return { step, from: first, to, unknown: rest(timeline.unknown), holds: Object.fromEntries(holds) };
}
