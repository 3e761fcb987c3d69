import { PeepholeError } from '../errors.ts';
import type { TimeRange } from '../query/query.ts';
import { parseDuration } from './duration.ts';
import { zoned } from './zone.ts';

/** A stretch of time in milliseconds since 1970 UTC: `from` inclusive, `to` exclusive. */
export interface ResolvedRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The time that a range means. `last` counts back from the newest flow, on the calendar of the time
 * zone: it ends one second after that flow's start. Null: all data (also for `last` in an empty store).
 */
export function resolveRange(
  time: TimeRange | null,
  newestFlowSecond: number | null,
  timezone: string,
): ResolvedRange | null {
  if (time === null) return null;
  switch (time.kind) {
    case 'absolute':
      return { from: time.from, to: time.to };
    case 'last': {
      if (newestFlowSecond === null) return null;
      const to = zoned(newestFlowSecond + 1, timezone);
      return { from: to.subtract(durationOf(time.last)).epochMilliseconds, to: to.epochMilliseconds };
    }
  }
}

/** The same range, one shift earlier on the calendar of the time zone. */
export function shiftBack(range: ResolvedRange, shift: string, timezone: string): ResolvedRange {
  const duration = durationOf(shift);
  const back = (moment: number): number =>
    zoned(moment / 1000, timezone).subtract(duration).epochMilliseconds;
  return { from: back(range.from), to: back(range.to) };
}

function durationOf(text: string): NonNullable<ReturnType<typeof parseDuration>> {
  const duration = parseDuration(text);
  if (duration === null)
    throw new PeepholeError('bad_query', `"${text}" is not an ISO 8601 duration such as P7D.`);
  return duration;
}
