import type { Span } from '../../src/view/time/buckets.ts';
import { type Coverage, lengthWithin } from '../../src/view/time/coverage.ts';
import { HOUR } from '../../src/view/time/iso-duration.ts';

const DAY = 24 * HOUR;

/** The state of an hour: logs, incomplete logs, lost records, no logs, or in the future. */
export type HourState = 'logged' | 'lost' | 'none' | 'outside';

/** A day (UTC) with its 24 hours. */
export interface CoverageDay {
  readonly from: number;
  readonly hours: readonly HourState[];
}

/** The last days of the logs with the state of each hour, the newest first. At most `most` days. */
export function coverageDays(coverage: Coverage, span: Span, most: number): readonly CoverageDay[] {
  const first = Math.floor(span.from / DAY) * DAY;
  const last = Math.floor((span.to - 1) / DAY) * DAY;
  const days: CoverageDay[] = [];
  for (let from = last; from >= first && days.length < most; from -= DAY) {
    const hours = Array.from({ length: 24 }, (_, hour) => {
      const range = { from: from + hour * HOUR, to: from + (hour + 1) * HOUR };
      return stateOf(coverage, range, span);
    });
    days.push({ from, hours });
  }
  return days;
}

function stateOf(coverage: Coverage, range: Span, span: Span): HourState {
  if (range.to <= span.from || range.from >= span.to) return 'outside';
  if (lengthWithin(coverage.gaps, range) >= HOUR) return 'none';
  return lengthWithin(coverage.lossy, range) > 0 ? 'lost' : 'logged';
}
