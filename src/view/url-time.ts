/** Two times in order; null: they are none. */
export function readAbsolute(
  from: string | undefined,
  to: string | undefined,
): { readonly from: number; readonly to: number } | null {
  const zoned = /^[+\d-]+T[\d:.]+(Z|[+-]\d\d:?\d\d)$/;
  if (from === undefined || to === undefined || !zoned.test(from) || !zoned.test(to)) return null;
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return start < end ? { from: start, to: end } : null;
}

/** `2018-06-20T14:00Z` where the seconds are none. */
export function isoTime(instant: number): string {
  return new Date(instant)
    .toISOString()
    .replace(/:00\.000Z$/, 'Z')
    .replace(/\.000Z$/, 'Z');
}
