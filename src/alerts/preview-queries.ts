import type { AlertContent } from '../model/alert/alert.ts';
import { MOST_SERIES } from '../model/alert/alert.ts';
import { measureNamed } from '../model/catalog/measure-expression.ts';
import type { Answer, Cell } from '../model/query/answer.ts';
import { secondsOf } from './condition-seconds.ts';
import { iso } from './log-coverage.ts';

const DAY = 86_400;
/** How many answers are kept: those of the days around the window, and around an earlier one. */
const MOST_KEPT = 12;

type Ask = (query: unknown) => Promise<Answer>;

/** The query of a window (`flow-conditions.ts`). */
interface WindowQuery {
  readonly time: { readonly from: string; readonly to: string };
  readonly measures: readonly string[];
  readonly having?: readonly [{ readonly between: readonly [number | null, number | null] }];
  readonly splits?: readonly { readonly field: string }[];
}

/** The sums of a day: by time, each value of the split with its sum. Null: they are not known for all values. */
type DaySums = ReadonlyMap<number, readonly (readonly [string, Cell, number])[]> | null;

/** Whether the windows of an alert can be added up from shorter times, so that a day is one query. */
export function canAddUp({ condition }: AlertContent): boolean {
  if (condition.kind !== 'amount' && condition.kind !== 'change') return false;
  if (!measureNamed(condition.measure).additive) return false;
  return condition.kind === 'change' || condition.split === null || (condition.above ?? -1) >= 0;
}

/**
 * Answers the queries of the windows of an alert that follow each other: the same query once, and windows that overlap from
 * the sums of a day, if they can be added up. The answers are the same as those of single queries.
 */
export function previewQueries(alert: AlertContent, ask: Ask): Ask {
  const kept = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key) as Promise<T> | undefined;
    const made = known ?? make();
    kept.delete(key);
    kept.set(key, made);
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return made;
  };
  const alone: Ask = (query) => once(JSON.stringify(query), () => ask(query));
  if (!canAddUp(alert)) return alone;
  const { condition } = alert;
  const lengths = 'window' in condition ? [secondsOf(condition.window)] : [];
  if (condition.kind === 'change') lengths.push(secondsOf(condition.shift));
  const bucket = lengths.reduce(commonDivisor, secondsOf(alert.every));
  return async (json) => {
    const query = json as WindowQuery;
    const [from, to] = [Date.parse(query.time.from) / 1000, Date.parse(query.time.to) / 1000];
    const split = query.splits?.[0]?.field ?? null;
    const sums = new Map<string, readonly [Cell, number]>();
    for (let day = Math.floor(from / DAY) * DAY; day < to; day += DAY) {
      const known = await once(`${day}`, () => daySums(query, split, day, bucket, ask));
      if (known === null) return alone(json);
      for (let at = Math.max(from, day); at < Math.min(to, day + DAY); at += bucket)
        for (const [key, label, value] of known.get(at) ?? [])
          sums.set(key, [label, (sums.get(key)?.[1] ?? 0) + value]);
    }
    return answerOf(query, split, sums);
  };
}

async function daySums(
  query: WindowQuery,
  split: string | null,
  day: number,
  bucket: number,
  ask: Ask,
): Promise<DaySums> {
  const { having: _having, ...rest } = query;
  const [measure = ''] = query.measures;
  const minutes = bucket / 60;
  const length = minutes % 1440 === 0 ? 'P1D' : minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
  const byTime = { field: 'time', bucket: length, limit: null, sort: { by: 'time', order: 'asc' } };
  const bySplit = { field: split, limit: MOST_SERIES, sort: { by: measure, order: 'desc' } };
  const { rows, truncated } = await ask({
    ...rest,
    time: { from: iso(day), to: iso(day + DAY) },
    splits: split === null ? [byTime] : [bySplit, byTime],
  });
  if (truncated) return null;
  const sums = new Map<number, (readonly [string, Cell, number])[]>();
  for (const row of rows) {
    const [label, time, value] = split === null ? [null, ...row] : row;
    const at = Date.parse(String(time)) / 1000;
    const all = sums.get(at) ?? [];
    if (value !== null && value !== undefined)
      all.push([JSON.stringify(label), label ?? null, Number(value)]);
    sums.set(at, all);
  }
  return sums;
}

function answerOf(
  query: WindowQuery,
  split: string | null,
  sums: ReadonlyMap<string, readonly [Cell, number]>,
): Answer {
  const [low, high] = query.having?.[0].between ?? [null, null];
  const rows =
    split === null
      ? [[[...sums.values()][0]?.[1] ?? 0]]
      : [...sums.values()]
          .filter(([, value]) => (low === null || value >= low) && (high === null || value <= high))
          .toSorted(([, one], [, other]) => other - one);
  return { rows: rows.slice(0, MOST_SERIES), truncated: rows.length > MOST_SERIES } as unknown as Answer;
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
