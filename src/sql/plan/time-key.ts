import { Temporal } from 'temporal-polyfill';
import { DAY, HOUR, MONDAY, type TimeBucket, WEEK } from '../../model/time/time-bucket.ts';
import { type OffsetPiece, offsetPieces, zoned } from '../../model/time/zone.ts';
import { integerLiteral } from '../binder.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { type Step, stepFunction } from './step-function.ts';
import type { TimeInput } from './time-input.ts';

/** The whole-number key of a time bucket, and back. Keys order as buckets do; none touches a timestamp. */
export interface TimeKey {
  /** The key's expression over a row's moment. */
  readonly key: (input: TimeInput) => string;
  /** The key of a moment, where no statement works it out. */
  readonly keyOf: (second: number) => number;
  /** The second that the bucket with that key begins at. */
  readonly start: (key: number) => number;
  /** A number of seconds of which each whole piece (of UTC) lies within one bucket. */
  readonly grain: number;
  /** Whether each whole hour (of UTC) lies within one bucket. */
  readonly hourly: boolean;
  /** Whether each whole day (of UTC) does. */
  readonly daily: boolean;
}

/**
 * @param bucket null: every second for itself
 * @param bounds seconds between which moments lie; what lies outside is cut as at the nearer bound
 */
export function timeKey(
  bucket: TimeBucket | null,
  timezone: string,
  bounds: { readonly from: number; readonly to: number },
  dialect: Dialect,
): TimeKey {
  if (bucket === null)
    return {
      key: (input) => input.seconds,
      keyOf: (second) => second,
      start: (key) => key,
      grain: 1,
      hourly: false,
      daily: false,
    };
  switch (bucket.kind) {
    case 'seconds':
      return evenKey(bucket.seconds, offsetPieces(timezone, bounds.from, bounds.to), dialect);
    case 'wall':
      return wallKey(bucket.seconds, offsetPieces(timezone, bounds.from, bounds.to), timezone, dialect);
    case 'months':
      return monthsKey(bucket.months, timezone, bounds);
  }
}

/** An hour or less: evenly on, from where the local clock reads a multiple. */
function evenKey(seconds: number, pieces: readonly OffsetPiece[], dialect: Dialect): TimeKey {
  const grain = pieces.reduce((divisor, piece) => gcd(divisor, piece.offset), gcd(seconds, 900));
  const hourly = seconds % HOUR === 0 && inWhole(HOUR, pieces);
  const lag = (piece: OffsetPiece | undefined): number => modulo(piece?.offset ?? 0, seconds);
  const [first] = pieces;
  if (pieces.every((piece) => lag(piece) === lag(first))) {
    const lead = lag(first);
    return {
      key: (input) =>
        lead === 0 && seconds === HOUR && input.hours !== null
          ? input.hours
          : dialect.divide(plus(input.seconds, lead), seconds),
      keyOf: (second) => Math.floor((second + lead) / seconds),
      start: (key) => key * seconds - lead,
      grain,
      hourly,
      daily: false,
    };
  }
  // The key is the bucket's first second; a change of the clocks begins a bucket where it isn't aligned itself.
  const steps = (input: TimeInput): readonly Step[] =>
    pieces.map((piece, i) => {
      const even = `${dialect.divide(plus(input.seconds, lag(piece)), seconds)} * ${seconds} - ${lag(piece)}`;
      const aligned = i === 0 || modulo(piece.from + lag(piece), seconds) === 0;
      return { from: piece.from, then: aligned ? even : `greatest(${even}, ${piece.from})` };
    });
  const key = (input: TimeInput): string =>
    `CASE WHEN ${input.seconds} IS NOT NULL THEN ${stepFunction(input.seconds, steps(input))} END`;
  const keyOf = (second: number): number => {
    const piece = pieceAt(pieces, second);
    const even = Math.floor((second + lag(piece)) / seconds) * seconds - lag(piece);
    // The first piece also holds before it begins.
    return piece === first ? even : Math.max(even, piece?.from ?? even);
  };
  return { key, keyOf, start: (start) => start, grain, hourly, daily: false };
}

/** More than an hour, up to a week: by the local calendar, whatever the clocks do in between. */
function wallKey(
  seconds: number,
  pieces: readonly OffsetPiece[],
  timezone: string,
  dialect: Dialect,
): TimeKey {
  const lead = seconds === WEEK ? MONDAY : 0;
  const grain = pieces.reduce((divisor, piece) => gcd(divisor, piece.offset), 900);
  const inHours = inWhole(HOUR, pieces);
  const daily = seconds % DAY === 0 && inWhole(DAY, pieces);
  const key = (input: TimeInput): string => {
    const [unit, value] = inHours && input.hours !== null ? [HOUR, input.hours] : [1, input.seconds];
    const steps = pieces.map((piece) => ({
      from: piece.from,
      then: integerLiteral((piece.offset + lead) / unit),
    }));
    const local = steps.every((step) => step.then === '0')
      ? value
      : `(${value} + ${stepFunction(input.seconds, steps)})`;
    return dialect.divide(local, seconds / unit);
  };
  const keyOf = (second: number): number =>
    Math.floor((second + (pieceAt(pieces, second)?.offset ?? 0) + lead) / seconds);
  return {
    key,
    keyOf,
    start: (at) => instantOf(at * seconds - lead, timezone),
    grain,
    hourly: inHours,
    daily,
  };
}

/** Months, quarters and years: the bucket is looked up among its boundaries. */
function monthsKey(
  months: number,
  timezone: string,
  bounds: { readonly from: number; readonly to: number },
): TimeKey {
  const first = zoned(bounds.from, timezone);
  const steps: Step[] = [];
  const start = (key: number): number =>
    new Temporal.PlainDate(Math.floor((key * months) / 12), modulo(key * months, 12) + 1, 1).toZonedDateTime(
      timezone,
    ).epochMilliseconds / 1000;
  for (let key = Math.floor((first.year * 12 + first.month - 1) / months); ; key++) {
    const from = start(key);
    if (from >= bounds.to && steps.length > 0) break;
    steps.push({ from, then: String(key) });
  }
  const grain = steps.reduce((divisor, step) => gcd(divisor, step.from), 900);
  const key = ({ seconds }: TimeInput): string =>
    `CASE WHEN ${seconds} IS NOT NULL THEN ${stepFunction(seconds, steps)} END`;
  const inAll = (unit: number): boolean => steps.every((step) => modulo(step.from, unit) === 0);
  const keyOf = (second: number): number => Number(pieceAt(steps, second)?.then ?? 0);
  return { key, keyOf, start, grain, hourly: inAll(HOUR), daily: inAll(DAY) };
}

/** The piece that a moment is in; the first one also holds before it begins. */
function pieceAt<T extends { readonly from: number }>(pieces: readonly T[], second: number): T | undefined {
  return pieces.findLast((piece) => piece.from <= second) ?? pieces[0];
}

/** The second at which a local clock first reads so many seconds since 1970. */
function instantOf(wallSecond: number, timezone: string): number {
  const day = new Temporal.PlainDate(1970, 1, 1).add({ days: Math.floor(wallSecond / DAY) });
  const time = new Temporal.PlainTime().add({ seconds: modulo(wallSecond, DAY) });
  return day.toPlainDateTime(time).toZonedDateTime(timezone).epochMilliseconds / 1000;
}

/** Whether local clocks differ from UTC by whole units (hours, days), and change only between these. */
function inWhole(unit: number, pieces: readonly OffsetPiece[]): boolean {
  return pieces.every(({ from, offset }, i) => offset % unit === 0 && (i === 0 || from % unit === 0));
}

function plus(expression: string, seconds: number): string {
  return seconds === 0 ? expression : `(${expression} + ${integerLiteral(seconds)})`;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

export function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}
