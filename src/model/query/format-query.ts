import type { Clause, Query, Scalar, Split, TimeRange } from './query.ts';
import { queryField } from './query-field.ts';

/** The JSON of a query, as `parseQuery` reads it; what is not asked for is left out. */
export function formatQuery(query: Query): Record<string, unknown> {
  return {
    ...(query.time === null ? {} : { time: formatTime(query.time) }),
    ...(query.filter.length === 0 ? {} : { filter: query.filter.map(formatClause) }),
    ...(query.having.length === 0
      ? {}
      : { having: query.having.map(({ measure, low, high }) => ({ measure, between: [low, high] })) }),
    ...(query.havingDepth === null ? {} : { having_depth: query.havingDepth }),
    ...(query.splits.length === 0 ? {} : { splits: query.splits.map(formatSplit) }),
    measures: [...query.measures],
    ...(query.compare === null ? {} : { compare: { shift: query.compare.shift } }),
    ...(query.other ? { other: true } : {}),
    ...(query.hidden ? { hidden: true } : {}),
    ...(query.subtotals ? { subtotals: true } : {}),
    ...(query.timezone === 'Etc/UTC' ? {} : { timezone: query.timezone }),
  };
}

function formatTime(time: TimeRange): Record<string, string> {
  switch (time.kind) {
    case 'absolute':
      return { from: formatInstant(time.from), to: formatInstant(time.to) };
    case 'last':
      return { last: time.last };
  }
}

/** The JSON of one condition. */
export function formatClause(clause: Clause): Record<string, unknown> {
  const not = clause.not ? { not: true } : {};
  const isTime = queryField(clause.field)?.type === 'time';
  switch (clause.kind) {
    case 'in':
      return { field: clause.field, in: clause.values.map((value) => formatScalar(value, isTime)), ...not };
    case 'contains':
      return { field: clause.field, contains: clause.text, ...not };
    case 'matches':
      return { field: clause.field, matches: clause.pattern, ...not };
    case 'cidr':
      return { field: clause.field, cidr: [...clause.blocks], ...not };
    case 'between': {
      const bounds = [clause.low, clause.high].map((bound) => formatScalar(bound, isTime));
      return { field: clause.field, between: bounds, ...not };
    }
    case 'ranges':
      return {
        field: clause.field,
        ranges: clause.ranges.map(({ from, to }) => ({ from: formatInstant(from), to: formatInstant(to) })),
        ...not,
      };
  }
}

/** No date is further from 1970, in milliseconds (ECMA-262, 21.4.1.1). */
const LAST_INSTANT = 8.64e15;

function formatScalar(value: Scalar, isTime: boolean): string | number | boolean | null {
  if (typeof value === 'bigint') return String(value);
  // What is no instant stays a number, which `parseQuery` refuses.
  const isInstant = isTime && typeof value === 'number' && Math.abs(value) <= LAST_INSTANT;
  return isInstant ? formatInstant(value) : value;
}

function formatSplit(split: Split): Record<string, unknown> {
  const bucket =
    split.bucket === null
      ? {}
      : { bucket: split.bucket.kind === 'time' ? split.bucket.duration : split.bucket.width };
  return { field: split.field, ...bucket, limit: split.limit, sort: { ...split.sort } };
}

/** ISO 8601 UTC, to the second unless there is more: `2018-06-20T00:00:00Z`. */
export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}
