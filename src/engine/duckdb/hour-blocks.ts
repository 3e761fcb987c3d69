/** The last hours, each of which is a block of its own: they are asked for most, and one at a time. */
const NEWEST_HOURS = 24;
/** Flows of a block of several hours, at most: a processor filters so many by the hour in a few milliseconds. */
const MOST_FLOWS = 500_000;
const HOURS_OF_DAY = 24;

/** An hour, in hours since 1970, and how many flows it has. */
export interface HourOfFlows {
  readonly hour: number;
  readonly flows: number;
}

/** An hour, and the first hour of its block. */
export interface HourBlock extends HourOfFlows {
  readonly block: number;
}

/**
 * Which hours' flows lie together in a compacted store, ordered by service and addresses as if they were of one hour: the
 * more flows lie so, the longer the same values follow each other. A block has hours of one day (UTC).
 *
 * @param hours in order
 * @param now hours since 1970: what is more than a day later is of a wrong clock, and not the newest
 * @returns the blocks of the older hours, and from which hour on each has its own
 */
export function hourBlocks(
  hours: readonly HourOfFlows[],
  now: number,
): {
  readonly older: readonly HourBlock[];
  readonly newest: number;
} {
  const last = hours.findLast(({ hour, flows }) => flows > 0 && hour <= now + HOURS_OF_DAY)?.hour ?? 0;
  const newest = Math.max(0, last - NEWEST_HOURS + 1);
  const older: HourBlock[] = [];
  let inBlock = 0;
  for (const { hour, flows } of hours) {
    if (hour >= newest) break;
    const block = older.at(-1)?.block;
    const goesOn =
      block !== undefined &&
      Math.floor(hour / HOURS_OF_DAY) === Math.floor(block / HOURS_OF_DAY) &&
      inBlock + flows <= MOST_FLOWS;
    older.push({ hour, flows, block: goesOn ? block : hour });
    inBlock = flows + (goesOn ? inBlock : 0);
  }
  return { older, newest };
}
