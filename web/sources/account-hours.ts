import type { AccountHours } from '../../src/model/account-coverage.ts';
import type { Stretch } from '../../src/model/store-schema.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { type Coverage, lengthWithin } from '../../src/view/time/coverage.ts';
import { HOUR } from '../../src/view/time/iso-duration.ts';

const DAY = 24 * HOUR;

/** The hours of an account, from its first one with logs to the newest of all accounts. */
export interface KnownHours {
  readonly span: Span;
  readonly coverage: Coverage;
}

/** A day (UTC) of an account: how many of its hours have logs, and in how many of them AWS lost records. */
export interface AccountDay {
  readonly from: number;
  readonly logged: number;
  readonly lost: number;
}

/** A key for an account in a region. */
export function keyOf({ account_id, region }: AccountHours): string {
  return JSON.stringify([account_id, region]);
}

/** `to`: the end of the newest hour of all accounts; an account without logs up to there has a gap at its end. */
export function knownHours({ logged, skipdata }: AccountHours, to: string): KnownHours {
  const there = logged.map(spanOf);
  const span = { from: there[0]?.from ?? Date.parse(to), to: Date.parse(to) };
  const ends = [...there, { from: span.to, to: span.to }];
  const gaps = ends.flatMap(({ from }, at) => {
    const before = ends[at - 1];
    return before === undefined || before.to === from ? [] : [{ from: before.to, to: from }];
  });
  return { span, coverage: { gaps, lossy: skipdata.map(spanOf), flows: null } };
}

/** The days of an account from `from` on, `count` of them. */
export function accountDays(
  { logged, skipdata }: AccountHours,
  from: number,
  count: number,
): readonly AccountDay[] {
  const [there, lossy] = [logged.map(spanOf), skipdata.map(spanOf)];
  return Array.from({ length: count }, (_, day) => {
    const range = { from: from + day * DAY, to: from + (day + 1) * DAY };
    return {
      from: range.from,
      logged: lengthWithin(there, range) / HOUR,
      lost: lengthWithin(lossy, range) / HOUR,
    };
  });
}

function spanOf({ from, to }: Stretch): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}
