/** How much of an hour a clock may be ahead, in milliseconds. */
const ROOM = 600_000;
const HOUR = 3_600_000;

/**
 * The last hour (since 1970, UTC) that a flow may be of: what is later was logged by a clock that is ahead. Such flows are in the
 * store as any other, but `last` does not count back from them unless there are no others, or one wrong clock would leave
 * it with nothing else.
 *
 * @param now Unix milliseconds
 */
export function newestHour(now = Date.now()): number {
  return Math.floor((now + ROOM) / HOUR);
}
