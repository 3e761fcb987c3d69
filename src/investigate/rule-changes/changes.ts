import { type Key, readKey } from '../../sql/key.ts';
import type { ActiveHour } from '../attempt-times.ts';
import { groupBy } from '../group-by.ts';
import type { End } from '../interface-ends.ts';
import type { HourCoverage } from '../hour-coverage.ts';

/** Records on one side of a change. Times are Unix seconds. */
interface Side {
  readonly records: number;
  readonly first: number;
  readonly last: number;
}

/** A source that was accepted at a port of an address at one time, and rejected at another. */
export interface ChangedPair {
  readonly id: number;
  readonly interface: Key;
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  /** Hours with accepted flows; the first and the last of them, from 1970. */
  readonly acceptedHours: number;
  readonly firstHour: number;
  readonly lastHour: number;
  readonly firstAccepted: number;
  readonly lastAccepted: number;
  /** Rejected since the last was accepted; and rejected records between the first and the last accepted which are no remains of connections. */
  readonly after: Side | null;
  readonly meanwhile: number;
  /** Rejected until the first was accepted, and after that. */
  readonly before: Side | null;
  readonly since: number;
  /** Rejected for a while, with nothing accepted meanwhile; accepted before that until, and after that since. Null: not so. */
  readonly shutOut: (Side & { readonly acceptedUntil: number; readonly acceptedSince: number }) | null;
}

/** Pairs whose change can have been the same: of one address, or of several that share what changed. */
export interface Change {
  readonly group: number;
  /** Whose rules changed: at which end of their flows the interfaces are. Null: unknown. */
  readonly end: End | null;
  readonly pairs: readonly ChangedPair[];
  /** Unix seconds: the last moment before the change, and the first after it. */
  readonly until: number;
  readonly from: number;
}

/** A change whose place among the others, and whose end, is not known yet. */
type Moment = Omit<Change, 'group' | 'end'>;

type Row = readonly unknown[];

export function readPair(row: Row): ChangedPair {
  const number = (index: number): number => Number(row[index]);
  const side = (index: number): Side | null =>
    number(index) === 0
      ? null
      : { records: number(index), first: number(index + 1), last: number(index + 2) };
  return {
    id: number(0),
    interface: readKey(row[1]),
    src: readKey(row[2]),
    dst: readKey(row[3]),
    port: number(4),
    protocol: number(5),
    acceptedHours: number(6),
    firstHour: number(7),
    lastHour: number(8),
    firstAccepted: number(9),
    lastAccepted: number(10),
    after: side(11),
    meanwhile: number(14),
    before: side(15),
    since: number(18),
    shutOut:
      row[19] === null
        ? null
        : {
            records: number(19),
            first: number(20),
            last: number(21),
            acceptedUntil: number(22),
            acceptedSince: number(23),
          },
  };
}

/** Fewer rejected records are no change. */
export const LEAST_RECORDS = 3;
/** Accepted in so many different hours, and in so large a share of those from the first to the last. */
const LEAST_HOURS = 3;
const LEAST_SHARE = 0.1;
/** What was so before has to have been so for long: this share of the known hours, but so many at least, and never more. */
const LONG = { share: 0.15, least: 4, most: 24 } as const;

/** How many hours are long in a range. */
export function longHours(hours: HourCoverage): number {
  return Math.min(LONG.most, Math.max(LONG.least, LONG.share * hours.known(hours.first, hours.last, [])));
}

/** Whether a pair was accepted for long, and then rejected and no more accepted. */
export function isCutOff(pair: ChangedPair, hours: HourCoverage): boolean {
  if (pair.after === null || pair.after.records < LEAST_RECORDS || pair.meanwhile > 0) return false;
  const span = hours.known(pair.firstHour, pair.lastHour, [pair.interface]);
  return span >= longHours(hours) && pair.acceptedHours >= Math.max(LEAST_HOURS, LEAST_SHARE * span);
}

/** Whether a pair was rejected for long, and then accepted and no more rejected. */
export function isLetIn(pair: ChangedPair, hours: HourCoverage): boolean {
  if (pair.before === null || pair.before.records < LEAST_RECORDS || pair.since > 0) return false;
  const span = hours.known(Math.floor(pair.before.first / 3600), Math.floor(pair.firstAccepted / 3600), [
    pair.interface,
  ]);
  return span >= longHours(hours);
}

/**
 * Of a pair that was accepted, shut out for long, and is accepted again: as the change that let it in again, with the last moment at which it
 * was accepted before. Null: it was not.
 */
export function asLetInAgain(
  pair: ChangedPair,
  hours: HourCoverage,
): (ChangedPair & { readonly acceptedUntil: number }) | null {
  if (pair.shutOut === null || pair.shutOut.records < LEAST_RECORDS) return null;
  const { acceptedUntil, acceptedSince: firstAccepted, ...before } = pair.shutOut;
  const again = { ...pair, before, since: 0, firstAccepted, acceptedUntil };
  return isLetIn(again, hours) ? again : null;
}

/** Pairs of one address whose changes can have been one: those whose times between the last before and the first after it share a moment. */
export function sameMoment(
  pairs: readonly ChangedPair[],
  between: (pair: ChangedPair) => readonly [until: number, from: number],
): readonly Moment[] {
  const changes: Moment[] = [];
  for (const some of groupBy(pairs, (pair) => `${pair.interface} ${pair.dst}`).values()) {
    let rest = some.toSorted((a, b) => between(a)[1] - between(b)[1]);
    while (rest[0] !== undefined) {
      const [, from] = between(rest[0]);
      const together = rest.filter((pair) => between(pair)[0] <= from);
      const left = rest.filter((pair) => !together.includes(pair) && pair !== rest[0]);
      const pairsOfOne = together.length === 0 ? [rest[0]] : together;
      const until = Math.min(from, Math.max(...pairsOfOne.map((pair) => between(pair)[0])));
      changes.push({ pairs: pairsOfOne, until, from });
      rest = left;
    }
  }
  return changes;
}

/** At most this many seconds between the last flow before a change and the first one after: its moment is certain. */
const SHARP = 600;

/**
 * Puts changes of several addresses together that can have been one: of a network ACL, or of a security group that they share. Their times
 * share a moment, and they are about the same ports or the same sources, or each of them is known to a few minutes.
 */
export function acrossTargets(changes: readonly Moment[]): readonly Moment[] {
  const merged: Moment[] = [];
  let rest = changes.toSorted((a, b) => a.from - b.from);
  while (rest[0] !== undefined) {
    const [first] = rest;
    const together = rest.filter((one) => one === first || (one.until <= first.from && areAlike(one, first)));
    rest = rest.filter((one) => !together.includes(one));
    merged.push({
      pairs: together.flatMap(({ pairs }) => pairs),
      until: Math.min(first.from, Math.max(...together.map(({ until }) => until))),
      from: first.from,
    });
  }
  return merged;
}

function areAlike(one: Moment, other: Moment): boolean {
  const isSame = (of: (pair: ChangedPair) => string): boolean => {
    const [a, b] = [new Set(one.pairs.map(of)), new Set(other.pairs.map(of))];
    return a.size === b.size && [...a].every((value) => b.has(value));
  };
  const isSharp = ({ until, from }: Moment): boolean => from - until <= SHARP;
  return (
    isSame(({ port, protocol }) => `${port}/${protocol}`) ||
    isSame(({ src }) => String(src)) ||
    (isSharp(one) && isSharp(other))
  );
}

/** Hourly flows as hours of attempts, whose first and last moment are known. */
export function activeHours(
  rows: readonly (readonly [hour: number, flows: number])[],
  span: { readonly first: number; readonly last: number },
): readonly ActiveHour[] {
  return rows.map(([hour, attempts]) => ({
    hour,
    attempts,
    first: Math.min(span.last, Math.max(span.first, hour * 3600)),
    last: Math.max(span.first, Math.min(span.last, hour * 3600 + 3599)),
    slots: 1,
    bytes: 0,
    longest: 0,
  }));
}
