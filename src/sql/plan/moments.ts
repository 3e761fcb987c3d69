import { EARLIEST_SECOND, LATEST_SECOND } from '../../model/catalog/fields.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import { DAY } from '../../model/time/time-bucket.ts';
import type { CompileContext } from '../compile-context.ts';
import { secondsOf } from './range-seconds.ts';

/** Seconds between which moments lie, `to` exclusive. */
export interface Moments {
  readonly from: number;
  readonly to: number;
}

export const ALL_TIME: Moments = { from: EARLIEST_SECOND, to: LATEST_SECOND };

/** Room for whatever a flow shares a bucket with, a year's even. */
const ROOM = 400 * DAY;

/**
 * Where starts of flows lie: in the store, and in the query's range. Ranges may reach over millennia, and clocks change
 * twice a year: only where flows are is it worked out how. Flows that a comparison moves forward can lie after the newest.
 */
export function startMoments(
  { range, extent }: Pick<CompileContext, 'range' | 'extent'>,
  compares: boolean,
): Moments {
  if (range === null)
    return extent === undefined || extent === null
      ? ALL_TIME
      : { from: extent.oldest, to: extent.newest + 1 };
  const newest = compares ? LATEST_SECOND : (extent?.newest ?? LATEST_SECOND);
  return cut(secondsOf(range), (extent?.oldest ?? EARLIEST_SECOND) - ROOM, newest + ROOM);
}

/** The part of an earlier period in which flows can be. */
export function storedPart(earlier: ResolvedRange, { extent }: CompileContext): ResolvedRange {
  const { oldest, newest } = extent ?? { oldest: EARLIEST_SECOND, newest: LATEST_SECOND };
  return cut(earlier, (oldest - ROOM) * 1000, (newest + ROOM) * 1000);
}

function cut(moments: Moments, least: number, most: number): Moments {
  const from = Math.min(Math.max(moments.from, least), most);
  return { from, to: Math.max(from, Math.min(moments.to, most)) };
}
