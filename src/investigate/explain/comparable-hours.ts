import type { ExplainRequest } from '../../model/explain/explanation.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { ExplainScope, HoursLeftOut } from '../../sql/explain/cohorts.ts';
import { silentInterfaces } from '../../sql/investigate/silent-interfaces.ts';
import type { SqlScope } from '../../sql/investigate/scope.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import { readHours } from '../read-hours.ts';
import { count } from '../wording.ts';
import { chosenTime } from './compared-times.ts';

/** The comparable hours of two ranges. */
export interface Comparable {
  readonly leftOut: HoursLeftOut;
  /** Interfaces that had flows at the other time and have no record of any kind at the chosen one. */
  readonly silent: readonly Key[];
  readonly notes: readonly string[];
}

const HOUR = 3_600_000;
/** Hours have 32 bits. */
const END_OF_TIME = 2 ** 32 * 1000;
const all: Comparable = { leftOut: { selected: [], rest: [] }, silent: [], notes: [] };

/**
 * Hours without logs, or with incomplete logs, are unknown: they are left out on both sides, each together with the hour that
 * it is compared with.
 */
export async function comparableHours(
  request: ExplainRequest,
  scope: ExplainScope,
  { dialect, run }: SqlSession,
): Promise<Comparable> {
  const { range, earlier, columns, coverageColumns } = scope;
  if (!columns.has('start')) return all;
  const sqlScope = ({ from, to }: ResolvedRange): SqlScope => ({
    columns,
    coverageColumns,
    dialect,
    from: Math.floor(from / 1000),
    to: Math.ceil(to / 1000),
    sumsFrom: null,
  });
  const silentOf = async (now: ResolvedRange, then: ResolvedRange): Promise<readonly Key[]> =>
    columns.has('interface_id')
      ? (await run(silentInterfaces(sqlScope(now), sqlScope(then)))).map(([face]) => readKey(face))
      : [];
  if (range === null || earlier === null) {
    const chosen = chosenTime(request, range ?? { from: 0, to: END_OF_TIME });
    return chosen === null ? all : { ...all, silent: await silentOf(chosen, range ?? { from: 0, to: END_OF_TIME }) };
  }
  const [now, then] = [await readHours(sqlScope(range), run), await readHours(sqlScope(earlier), run)];
  const shift = (range.from - earlier.from) / HOUR;
  // A shift of no whole hours reaches two hours of the other side.
  const moved = (hours: Iterable<number>, by: number): readonly number[] =>
    [...hours].flatMap((hour) => [Math.floor(hour + by), Math.ceil(hour + by)]);
  const different = (...lists: readonly (readonly number[])[]): readonly number[] =>
    [...new Set(lists.flat())].toSorted((a, b) => a - b);
  const [unknownNow, unknownThen] = [now.unknown(), then.unknown()];
  const lossy = new Set([...now.lost.keys(), ...then.lost.keys()]).size;
  return {
    leftOut: {
      selected: different(unknownNow, moved(unknownThen, shift)),
      rest: different(unknownThen, moved(unknownNow, -shift)),
    },
    silent: await silentOf(range, earlier),
    notes: [
      ...holes(unknownNow.length, now.count, 'this range'),
      ...holes(unknownThen.length, then.count, 'the earlier range'),
      ...(lossy === 0 ? [] : [`${count(lossy, 'interface')} lost records in some hours (SKIPDATA): of what they logged there is less than there was.`]),
    ],
  };
} // prettier-ignore

function holes(unknown: number, hours: number, where: string): readonly string[] {
  if (unknown === 0) return [];
  return [
    `Of ${count(hours, 'hour')} of ${where} ${unknown.toLocaleString('en-US')} have no logs, or not for all of the hour: what happened then is unknown. They are left out, with the hours that they are compared with.`,
  ];
}
