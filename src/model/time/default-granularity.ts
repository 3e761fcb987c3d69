const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The bucket that shows a range well, as long as nobody chose one: an ISO 8601 duration. */
export function defaultGranularity(range: { readonly from: number; readonly to: number }): string {
  const length = range.to - range.from;
  if (length > 95 * DAY_MS) return 'P1W';
  if (length > 8 * DAY_MS) return 'P1D';
  if (length > 8 * HOUR_MS) return 'PT1H';
  if (length > 3 * HOUR_MS) return 'PT5M';
  return 'PT1M';
}
