import { monthName, weekdayName } from '../../src/view/format/times.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { DAY, HOUR, MINUTE } from '../../src/view/time/iso-duration.ts';
import { repeatedInstant, offsetIfRepeated } from '../../src/view/time/repeated.ts';
import { instantOf, localTime } from '../../src/view/time/local-time.ts';

export interface TimeTick {
  readonly at: number;
  readonly label: string;
}

const steps: readonly {
  readonly length: number;
  readonly unit: 'minute' | 'hour' | 'day' | 'month';
  readonly count: number;
}[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => ({ length: count * MINUTE, unit: 'minute' as const, count })),
  ...[1, 2, 3, 6, 12].map((count) => ({ length: count * HOUR, unit: 'hour' as const, count })),
  ...[1, 2, 4, 7, 14].map((count) => ({ length: count * DAY, unit: 'day' as const, count })),
  // Up to half a century.
  ...[1, 2, 3, 6, 12, 24, 60, 120, 240, 600].map((count) => ({
    length: count * 30 * DAY,
    unit: 'month' as const,
    count,
  })),
];

/** How many time labels fit into so many pixels; closer together if there are few. */
export function ticksIn(width: number): number {
  return Math.max(2, Math.floor(width / (width < 480 ? 58 : 74)));
}

/** At most about `most` instants at round times of the time zone. */
export function timeTicks(range: Span, timezone: string, most: number): readonly TimeTick[] {
  const length = range.to - range.from;
  const step = steps.find((each) => length / each.length <= most) ?? steps.at(-1);
  if (step === undefined || length <= 0) return [];
  const start = localTime(range.from, timezone);
  const ticks: TimeTick[] = [];
  for (let index = 0; ticks.length < 200; index++) {
    const n = index * step.count;
    let at: number;
    switch (step.unit) {
      case 'minute':
        at = instantOf(start.year, start.month, start.day, start.hour, n, timezone);
        break;
      case 'hour':
        at = instantOf(start.year, start.month, start.day, n, 0, timezone);
        break;
      case 'day':
        at = instantOf(start.year, start.month, start.day + n, 0, 0, timezone);
        break;
      case 'month':
        // Several years begin in a round one.
        at = instantOf(start.year - (start.year % Math.max(1, step.count / 12)), 1 + n, 1, 0, 0, timezone);
        break;
    }
    if (at > range.to) break;
    // When clocks are set back, an hour occurs twice, and so do its ticks.
    const again = step.length <= HOUR ? repeatedInstant(at, timezone) : null;
    for (const each of again === null ? [at] : [at, again])
      if (each >= range.from && each <= range.to)
        ticks.push({ at: each, label: labelOf(each, timezone, step.unit) });
  }
  return ticks.sort((a, b) => a.at - b.at);
}

function labelOf(at: number, timezone: string, unit: 'minute' | 'hour' | 'day' | 'month'): string {
  const t = localTime(at, timezone);
  if (unit === 'month') return t.month === 1 ? String(t.year) : monthName(t.month);
  if (unit === 'day' || (t.hour === 0 && t.minute === 0)) {
    return unit === 'day' && t.day === 1
      ? `${monthName(t.month)} ${t.day}`
      : `${weekdayName(t.weekday)} ${t.day}`;
  }
  const clock = `${String(t.hour).padStart(2, '0')}:${String(t.minute).padStart(2, '0')}`;
  // Short, since there is little room: 02:00 +2 and 02:00 +1.
  return `${clock}${offsetIfRepeated(at, timezone).replace('UTC', '')}`;
}

/** What there are only whole amounts of, or nearly so. */
const wholeUnits: ReadonlySet<string> = new Set(['count', 'packets', 'bytes', 'hours']);

/** Round numbers from 0 to at least `max`, about `most` of them; whole ones for counts and the like. */
export function valueTicks(max: number, most: number, unit: string): readonly number[] {
  if (!(max > 0)) return [0, 1];
  const rough = max / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  const step = wholeUnits.has(unit) ? Math.max(1, round) : round;
  const count = Math.ceil(max / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** 0, and powers of ten around positive amounts from the least to the most, about so many. */
export function logTicks(least: number, max: number, most: number): readonly number[] {
  if (!(max > 0) || !(least > 0)) return [0, 1, 10];
  const [low, high] = [Math.floor(Math.log10(least) + 1e-9), Math.ceil(Math.log10(max) - 1e-9)];
  const step = Math.max(1, Math.ceil((high - low) / most));
  const count = Math.max(1, Math.ceil((high - low) / step));
  return [0, ...Array.from({ length: count + 1 }, (_, index) => 10 ** (low + index * step))];
}
