import { Temporal } from 'temporal-polyfill';
import type { Clause, Query } from '../../src/model/query/query.ts';
import { matchesClause } from './evaluate-clause.ts';
import type { Row } from './evaluate-measure.ts';
import { at, bucketStart } from './evaluate-time.ts';
import type { FlowObject } from './flow-object.ts';

/** A row of one of the two periods; `moment` and `ended` are where it counts (an earlier period's rows move forward). */
export interface PlacedRow extends Row {
  readonly earlier: boolean;
  readonly moment: number | null;
  readonly ended: number | null;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export function resolve(query: Query, flows: readonly FlowObject[]): Range | null {
  if (query.time === null) return null;
  if (query.time.kind === 'absolute') return { from: query.time.from, to: query.time.to };
  const starts = flows.flatMap((record) => (record['start'] == null ? [] : [Number(record['start'])]));
  if (starts.length === 0) return null;
  const to = Math.max(...starts) + 1;
  return { from: at(to, query.timezone).subtract(query.time.last).epochMilliseconds, to: to * 1000 };
}

function earlierRange(query: Query, range: Range): Range {
  const shift = query.compare?.shift ?? 'PT0S';
  const back = (ms: number): number => at(ms / 1000, query.timezone).subtract(shift).epochMilliseconds;
  return { from: back(range.from), to: back(range.to) };
}

export function placed(
  query: Query,
  records: readonly FlowObject[],
  range: Range | null,
  begin: ReadonlySet<FlowObject>,
): readonly PlacedRow[] {
  const within = (record: FlowObject, bounds: Range | null): boolean =>
    bounds === null ||
    (record['start'] != null &&
      Number(record['start']) * 1000 >= bounds.from &&
      Number(record['start']) * 1000 < bounds.to);
  const seconds = (record: FlowObject, field: string): number | null =>
    record[field] == null ? null : Number(record[field]);
  const now = records
    .filter((record) => within(record, range))
    .map((record) => ({
      record,
      begins: begin.has(record),
      earlier: false,
      moment: seconds(record, 'start'),
      ended: seconds(record, 'end'),
    }));
  if (query.compare === null || range === null) return now;
  const bounds = earlierRange(query, range);
  const then = records
    .filter((record) => within(record, bounds))
    .map((record) => {
      const start = Number(record['start']);
      const moved = forward(start, query);
      const end = seconds(record, 'end');
      return {
        record,
        begins: begin.has(record),
        earlier: true,
        moment: Math.max(moved, range.from / 1000),
        ended: end === null ? null : end + moved - start,
      };
    });
  return [...now, ...then];
}

function forward(second: number, query: Query): number {
  return at(second, query.timezone).add(query.compare?.shift ?? 'PT0S').epochMilliseconds / 1000;
}

interface Piece {
  /** Where it counts: an earlier period's time moves forward. */
  readonly moment: number;
  readonly own: number;
  readonly seconds: number;
  readonly earlier: boolean;
}

/** The time that has logs, in pieces that no bucket cuts. */
export function knownPieces(
  query: Query,
  records: readonly FlowObject[],
  range: Range | null,
): readonly Piece[] {
  const hours = new Set(
    records.flatMap((record) =>
      record['start'] == null ? [] : [Math.floor(Number(record['start']) / 3600)],
    ),
  );
  const widths = query.splits.map((split) => {
    if (fieldOf(split.field) !== 'start') return 900;
    if (split.bucket?.kind !== 'time') return 900;
    const width = Temporal.Duration.from(split.bucket.duration);
    return width.seconds > 0 ? 1 : width.minutes > 0 && width.minutes % 15 !== 0 ? 60 : 900;
  });
  // Ranges may end at any second; each piece is wholly in or out of each.
  const ends = query.filter.flatMap((clause) =>
    clause.kind === 'ranges' ? clause.ranges.flatMap(({ from, to }) => [from / 1000, to / 1000]) : [],
  );
  const step = ends.reduce(gcd, Math.min(900, ...widths));
  const pieces: Piece[] = [];
  const add = (bounds: Range | null, earlier: boolean): void => {
    for (const hour of hours) {
      for (let start = hour * 3600; start < (hour + 1) * 3600; start += step) {
        const from = bounds === null ? start : Math.max(start, bounds.from / 1000);
        const to = bounds === null ? start + step : Math.min(start + step, bounds.to / 1000);
        if (to <= from) continue;
        const moment =
          earlier && bounds !== null && range !== null
            ? Math.max(forward(start, query), range.from / 1000)
            : start;
        const marks = withClocks({ start }, query.timezone);
        const isLeft = query.filter
          .filter(isOfTime)
          .every((clause) => matchesClause(clause.kind === 'ranges' ? { start: moment } : marks, clause));
        if (isLeft) pieces.push({ moment, own: start, seconds: to - from, earlier });
      }
    }
  };
  add(range, false);
  if (query.compare !== null && range !== null) add(earlierRange(query, range), true);
  return pieces;
}

/** Whether a clause is about the time alone, so that rates are by the time that it leaves. */
export function isOfTime(clause: Clause): boolean {
  return (
    ['hour_of_day', 'weekday'].includes(clause.field) ||
    (clause.kind === 'ranges' && fieldOf(clause.field) === 'start')
  );
}

/** A record with what clocks of a zone read at its start. */
export function withClocks(record: FlowObject, timezone: string): FlowObject {
  if (record['start'] == null) return record;
  const local = at(Number(record['start']), timezone);
  return { ...record, hour_of_day: local.hour, weekday: local.dayOfWeek };
}

export function bucketOf(second: number | null, bucket: string | null, timezone: string): number | null {
  return second === null || bucket === null ? second : bucketStart(second, bucket, timezone);
}

export function fieldOf(name: string): string {
  return name === 'time' ? 'start' : name;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
