import {
  createReach,
  dropReach,
  LEAST_REACHED,
  MOST_REACHERS,
  movesByHour,
  newByHour,
  othersThatReach,
  reachedFirst,
  reachedPorts,
  reachers,
  seenSince,
} from '../../sql/investigate/lateral-spread-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { InvestigationContext } from '../context.ts';
import { findSpread, hoursOfPast, type NewReached, type Spread } from './find-spread.ts';

/** An internal machine that reached many others at ports used for administration and lateral movement. */
export interface Reacher {
  readonly src: Key;
  /** Different machines in all, and those that let it in. */
  readonly destinations: number;
  readonly letIn: number;
  /** Null: it always did. */
  readonly spread: Spread | null;
  /** The first hour (since 1970) in which it sent anything at all. */
  readonly seenSince: number;
  /** Flow records and different destinations by hour. */
  readonly active: readonly { readonly hour: number; readonly records: number; readonly reached: number }[];
  /** Most destinations first; of the spread, where there is one. */
  readonly ports: readonly {
    readonly port: number;
    readonly destinations: number;
    readonly letIn: number;
  }[];
  /** Some of the machines that it reached for the first time. */
  readonly first: readonly Key[];
  /** Others that reached the same, and how many of them. */
  readonly others: readonly { readonly src: Key; readonly destinations: number }[];
}

/** So many are looked at closely, the widest first. */
const MOST_SPREADS = 25;
/** Machines that always reached so many are listed too: scanners, management, backup. */
const LEAST_STEADY = 10;
const STEADY_SHARE = 0.5;

/** Asks the store, by the rollup. */
export async function collectReach({
  scope,
  session: { run },
  hours,
  own: ownKeys,
}: InvestigationContext): Promise<{ readonly reachers: readonly Reacher[]; readonly left: number }> {
  const own = [...ownKeys];
  try {
    for (const statement of createReach(scope, own)) await run(statement);
    const wide = (await run(reachers())).map(([src, destinations, letIn]) => ({
      src: readKey(src),
      destinations: Number(destinations),
      letIn: Number(letIn),
    }));
    if (wide.length === 0) return { reachers: [], left: 0 };
    const sources = wide.map(({ src }) => src);
    const fresh = new Map<Key, Map<number, NewReached>>();
    for (const [src, hour, reached, letIn] of await run(newByHour(scope, sources))) {
      const map = fresh.get(readKey(src)) ?? new Map<number, NewReached>();
      map.set(Number(hour), { reached: Number(reached), letIn: Number(letIn) });
      fresh.set(readKey(src), map);
    }
    const known = Array.from({ length: hours.count }, (_, place) => hours.first + place).filter((hour) =>
      hours.isKnown(hour, []),
    );
    // Without enough of a past nothing is new.
    const pastEnds = known[hoursOfPast(known.length)] ?? Infinity;
    const judged = wide.map((one) => ({
      ...one,
      spread: findSpread(fresh.get(one.src) ?? new Map(), pastEnds, LEAST_REACHED),
      early: [...(fresh.get(one.src) ?? [])]
        .filter(([hour]) => hour < pastEnds)
        .reduce((sum, [, { reached }]) => sum + reached, 0),
    }));
    const worth = judged.filter(
      ({ spread, early, destinations }) =>
        spread !== null || (destinations >= LEAST_STEADY && early >= STEADY_SHARE * destinations),
    );
    // Spreads come before what always was.
    const chosen = worth
      .toSorted(
        (a, b) => Number(b.spread !== null) - Number(a.spread !== null) || b.destinations - a.destinations,
      )
      .slice(0, MOST_SPREADS);
    if (chosen.length === 0) return { reachers: [], left: 0 };
    const chosenKeys = chosen.map(({ src }) => src);
    const active = await run(movesByHour(scope, own, chosenKeys));
    const seen = new Map(
      (await run(seenSince(scope, chosenKeys))).map(([src, hour]) => [readKey(src), Number(hour)]),
    );
    const found: Reacher[] = [];
    for (const { src, destinations, letIn, spread } of chosen) {
      const [from, to] = [spread?.first ?? hours.first, spread?.last ?? hours.last];
      const ports = await run(reachedPorts(scope, src, from, to));
      const first = await run(reachedFirst(scope, src, from, to));
      const others = await run(othersThatReach(scope, src, from, to));
      found.push({
        src,
        destinations,
        letIn,
        spread,
        seenSince: seen.get(src) ?? hours.first,
        active: active
          .filter(([of]) => readKey(of) === src)
          .map(([, hour, records, reached]) => ({
            hour: Number(hour),
            records: Number(records),
            reached: Number(reached),
          })),
        ports: ports.map(([port, count, open]) => ({
          port: Number(port),
          destinations: Number(count),
          letIn: Number(open),
        })),
        first: first.map(([dst]) => readKey(dst)),
        others: others.map(([other, count]) => ({ src: readKey(other), destinations: Number(count) })),
      });
    }
    const left = worth.length - chosen.length + (wide.length >= MOST_REACHERS ? 1 : 0);
    return { reachers: found, left };
  } finally {
    for (const statement of dropReach(scope)) await run(statement).catch(() => undefined);
  }
}
