import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Cell } from '../../model/query/answer.ts';
import { formatInstant } from '../../model/query/format-query.ts';
import type { Query, Split } from '../../model/query/query.ts';
import { DAY, HOUR, type TimeBucket, parseTimeBucket } from '../../model/time/time-bucket.ts';
import { type ClockZone, clockReading } from '../derived/clock.ts';
import type { CompileContext } from '../compile-context.ts';
import type { Dialect, KeyLookup } from '../dialects/dialect.ts';
import { type Scope, fieldOf } from './condition.ts';
import { isThere } from './derived-columns.ts';
import { ALL_TIME, startMoments } from './moments.ts';
import type { TimeInput } from './time-input.ts';
import { type TimeKey, timeKey } from './time-key.ts';

/** How a split groups rows: by a narrow key, which only shown rows turn into a value. */
export interface SplitKey {
  readonly field: Field;
  /** The key over a row of flows. `start` and `end` are the moments that the row counts at (a compared period moves). */
  readonly key: (start: TimeInput, end: string) => string;
  /** Whether it surely is never null. */
  readonly neverNull: boolean;
  /** How many different keys there can be, at most. */
  readonly most: number;
  /** Where the split cuts the start of flows: how. */
  readonly time: TimeKey | null;
  /** Where the split is by what clocks read: that, of a moment. */
  readonly clock: ((moment: string) => string) | null;
  readonly resolveKey: (key: string, alias: string) => KeyLookup;
  readonly cell: (key: unknown, text: unknown) => Cell;
}

export function splitKey(
  split: Split,
  { timezone, compare }: Pick<Query, 'timezone' | 'compare'>,
  context: CompileContext,
  { dialect, columns, derived }: Pick<Scope, 'dialect' | 'columns' | 'derived'>,
): SplitKey {
  const field = fieldOf(split.field);
  const column = dialect.quote(field.name);
  const asNumber = (key: string): KeyLookup => ({ join: '', many: false, text: null, order: [key] });
  if (!isThere(field, { columns, derived })) {
    const nothing = `CAST(NULL AS ${dialect.types.whole})`;
    return {
      field,
      key: () => nothing,
      neverNull: false,
      most: 1,
      time: null,
      clock: null,
      resolveKey: asNumber,
      cell: () => null,
    };
  }
  if (field.type === 'time') {
    const bucket = split.bucket?.kind === 'time' ? parseTimeBucket(split.bucket.duration) : null;
    const isStart = field.name === 'start';
    const moments = isStart ? startMoments(context, compare !== null) : ALL_TIME;
    const time = timeKey(bucket, timezone, moments, dialect);
    return {
      field,
      key: (start, end) => dialect.timeKey(time.key(isStart ? start : { seconds: end, hours: null })),
      neverNull: false,
      most: isStart ? mostBuckets(bucket, moments) : Infinity,
      time: isStart ? time : null,
      clock: null,
      resolveKey: asNumber,
      cell: timeCells(time),
    };
  }
  const clock = clockOf(field, derived.zone, dialect);
  if (split.bucket?.kind === 'number') {
    const { width } = split.bucket;
    const exact = Number.isInteger(width);
    const bucketOf = (value: string): string =>
      exact ? dialect.divide(value, width) : `floor(${value} / CAST(${width} AS ${dialect.types.real}))`;
    return {
      field,
      key: () => bucketOf(column),
      neverNull: false,
      most: field.max === null ? Infinity : field.max / width + 2,
      time: null,
      clock: clock === null ? null : (moment) => bucketOf(clock(moment)),
      resolveKey: asNumber,
      cell: (key) => (key === null ? null : bucketStart(key, width)),
    };
  }
  return {
    field,
    key: () => column,
    neverNull: !isDerived(field) && context.withoutNulls?.has(field.name) === true,
    most: isDerived(field) && clock === null ? Infinity : mostValues(field, context.texts ?? Infinity),
    time: null,
    clock,
    resolveKey: (key, alias) => dialect.resolveKey(field, key, alias, context.ipv6 ?? true),
    cell: lastKept((key, text) => dialect.cell(field, key, text)),
  };
}

/** How many texts of times are kept while an answer is read. */
const MOST_TIMES = 10_000;

/** The cells of times, which come again in every group of an outer split; each is worked out once. */
function timeCells(time: TimeKey): SplitKey['cell'] {
  const texts = new Map<unknown, string>();
  return (key) => {
    if (key === null) return null;
    const kept = texts.get(key);
    if (kept !== undefined) return kept;
    const text = formatInstant(time.start(Number(key)) * 1000);
    if (texts.size < MOST_TIMES) texts.set(key, text);
    return text;
  };
}

/** The cell of an outer split comes again in each row of its group, and is worked out once. */
function lastKept(made: SplitKey['cell']): SplitKey['cell'] {
  let lastKey: unknown;
  let lastText: unknown;
  let cell: Cell | undefined;
  return (key, text) => {
    if (cell === undefined || key !== lastKey || text !== lastText) cell = made(key, text);
    lastKey = key;
    lastText = text;
    return cell;
  };
}

function clockOf(field: Field, zone: ClockZone, dialect: Dialect): SplitKey['clock'] {
  if (!isDerived(field) || field.derivation.kind !== 'clock') return null;
  const { what } = field.derivation;
  return (moment) => clockReading(what, { seconds: moment, hours: null }, zone, dialect);
}

/** Whether the groups of a split are of different times. */
export function tellsTime({ time, clock }: SplitKey): boolean {
  return time !== null || clock !== null;
}

function bucketStart(key: unknown, width: number): Cell {
  if (!Number.isInteger(width)) return Number(key) * width;
  const start = BigInt(key as number | bigint) * BigInt(width);
  return start <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(start) : String(start);
}

/** The values of a field, with null. */
function mostValues(field: Field, texts: number): number {
  switch (field.type) {
    case 'text':
      return (field.values?.length ?? texts) + 1;
    case 'integer':
      return (field.max ?? Infinity) + 2;
    case 'address':
    case 'counter':
    case 'time':
      return Infinity;
  }
}

/** The buckets of a time, with null and those that its ends cut; at least its hours, by which they may be counted first. */
function mostBuckets(
  bucket: TimeBucket | null,
  bounds: { readonly from: number; readonly to: number },
): number {
  const shortestMonth = 28 * DAY;
  const seconds =
    bucket === null ? 1 : bucket.kind === 'months' ? bucket.months * shortestMonth : bucket.seconds;
  return (bounds.to - bounds.from) / Math.min(seconds, HOUR) + 3;
}
