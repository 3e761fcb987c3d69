import { DAY, HOUR } from '../time/duration.ts';

/** The bucket that suits a time range, as an ISO 8601 duration. */
export function granularityFor(milliseconds: number): string {
  if (milliseconds > 95 * DAY) return 'P1W';
  if (milliseconds > 8 * DAY) return 'P1D';
  if (milliseconds > 8 * HOUR) return 'PT1H';
  return milliseconds > 3 * HOUR ? 'PT5M' : 'PT1M';
}

/** The granularities on offer, finest first. */
export const granularities = ['PT1M', 'PT5M', 'PT1H', 'P1D', 'P1W', 'P1M'] as const;
