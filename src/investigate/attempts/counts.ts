import {
  answerShapes,
  attemptsPerHour,
  differentPorts,
  groupsWithoutPorts,
  letIn,
  realSources,
  realTargets,
  repeatedPorts,
  answersToOthers,
  attemptsInAnswer,
  connectedTo,
  servedElsewhere,
  sessionIntervals,
  sessionShapes,
  sumsBefore,
} from '../../sql/investigate/attempts-queries.ts';
import { createBegins, createChosen, type Chosen } from '../../sql/investigate/attempts-tables.ts';
import type { SqlScope } from '../../sql/investigate/scope.ts';
import { type Key, readKey } from '../../sql/key.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import type { ActiveHour } from '../attempt-times.ts';
import { groupBy } from '../group-by.ts';
import { areGuesses, type AnswerShape, type Intervals, type SessionShape } from './session-shape.ts';

/** Each record without a source port counts as an attempt. */
export interface Portless {
  readonly records: number;
  readonly connections: number;
}

/** Rejected flows in the time before, of which only sums by the hour are left. */
export interface Before {
  readonly flows: number;
  readonly firstHour: number;
}

/** Accepted flows at the same target: how many, and in which hours. */
export interface LetIn {
  readonly flows: number;
  readonly firstHour: number;
  readonly lastHour: number;
}

/** In how many hours a source was served at other ports of its target. */
export interface Served {
  readonly hours: number;
  readonly firstHour: number;
  readonly lastHour: number;
}

/** Attempts of a source that its target itself connects to. */
export interface InAnswer {
  readonly attempts: number;
  /** Those that came as such a connection began, or while it was open. */
  readonly during: number;
  /** Seconds that these connections take at most. */
  readonly seconds: number;
  /** Records of these connections. */
  readonly records: number;
  /** Of the hours in which it comes, in so many its target connects to it. */
  readonly hours: number;
}

/** A client that connects anew takes another port: of so many attempts, or of so many within an hour, one may repeat it. */
export const PORT_REPEATS = 50;
export const PORT_REPEATS_IN_AN_HOUR = 4;

/** The source ports of attempts over TCP. */
export interface SourcePorts {
  readonly attempts: number;
  readonly different: number;
  /** Different ones in each hour, added up. */
  readonly byHour: number;
  /** Attempts whose records have a SYN without ACK, where TCP flags are logged. */
  readonly syns: number;
}

/** Counts of the selected pairs, by group; a group that is in no map has none. */
export interface Counts {
  readonly active: ReadonlyMap<number, readonly ActiveHour[]>;
  readonly portless: ReadonlyMap<number, Portless>;
  /** Only of those that may have come from the same ports again and again. */
  readonly ports: ReadonlyMap<number, SourcePorts>;
  readonly letIn: ReadonlyMap<number, LetIn>;
  readonly served: ReadonlyMap<number, Served>;
  /** Only of those that the target connects to in most of the hours in which they come. */
  readonly inAnswer: ReadonlyMap<number, InAnswer>;
  /** Hours in which the target answered others. */
  readonly othersAnswered: ReadonlyMap<number, number>;
  readonly shapes: ReadonlyMap<number, SessionShape>;
  readonly before: ReadonlyMap<number, Before>;
  /** The address that packets were really sent to, where that is not the interface's first. */
  readonly realTargets: ReadonlyMap<number, Key>;
  readonly realSources: ReadonlyMap<number, Key>;
}

/**
 * Counts the single attempts of the selected pairs.
 * @param logins the groups that are at a port for logging in
 * @param outside the groups of sources outside
 */
export async function countChosen(
  scope: SqlScope,
  chosen: readonly Chosen[],
  logins: readonly number[],
  outside: readonly number[],
  run: RunStatement,
): Promise<Counts> {
  if (chosen.length === 0)
    return {
      active: new Map(),
      portless: new Map(),
      ports: new Map(),
      letIn: new Map(),
      served: new Map(),
      inAnswer: new Map(),
      othersAnswered: new Map(),
      shapes: new Map(),
      before: new Map(),
      realTargets: new Map(),
      realSources: new Map(),
    };
  const { dialect } = scope;
  await run(createChosen(scope, chosen));
  const accepted = (await run(letIn(scope))).map((row) => row.map(Number));
  const acceptedPairs = new Map(
    chosen.flatMap((one) => (one.kind === 'pair' && one.accepted !== null ? [[one.id, one.accepted]] : [])),
  );
  const acceptedPorts = new Set([
    ...[...acceptedPairs.values()].map(({ port }) => port),
    ...accepted.flatMap(([, port = -1]) => (port >= 0 ? [port] : [])),
  ]);
  const begins = createBegins(scope, accepted.length > 0, [...acceptedPorts], acceptedPairs);
  for (const statement of begins) await run(statement);
  const sums = sumsBefore(scope);
  const addresses = async (statement: string | null): Promise<ReadonlyMap<number, Key>> =>
    new Map(
      (statement === null ? [] : await run(statement)).map(([group, key]) => [Number(group), readKey(key)]),
    );
  const others = answersToOthers(scope);
  const served = outside.length === 0 ? null : servedElsewhere(scope, outside);
  const active = activeHours(await run(attemptsPerHour(dialect)));
  return {
    active,
    portless: byGroup(await run(groupsWithoutPorts(dialect)), ([records = 0, connections = 0]) => ({
      records,
      connections,
    })),
    ports: await readPorts(scope, run),
    letIn: letInOf(accepted),
    served: byGroup(served === null ? [] : await run(served), ([hours = 0, firstHour = 0, lastHour = 0]) => ({
      hours,
      firstHour,
      lastHour,
    })),
    inAnswer: await readInAnswer(scope, outside, active, run),
    othersAnswered: byGroup(others === null ? [] : await run(others), ([hours = 0]) => hours),
    shapes: await readShapes(scope, logins, run),
    before: byGroup(sums === null ? [] : await run(sums), ([flows = 0, firstHour = 0]) => ({
      flows,
      firstHour,
    })),
    realTargets: await addresses(realTargets(scope)),
    realSources: await addresses(realSources(scope)),
  };
}

/** Of the hours in which a source comes, its target connects to it in so many at least, or it answers nothing. */
const CONNECTED_SHARE = 0.5;

async function readInAnswer(
  scope: SqlScope,
  outside: readonly number[],
  active: Counts['active'],
  run: RunStatement,
): Promise<Counts['inAnswer']> {
  const statement = outside.length === 0 ? null : connectedTo(scope, outside);
  if (statement === null) return new Map();
  const connected = groupBy(await run(statement), ([group]) => Number(group));
  const together = new Map(
    [...connected].flatMap(([group, rows]) => {
      const attempted = active.get(group) ?? [];
      const hours = new Set(rows.map(([, hour]) => Number(hour)));
      const shared = attempted.filter(({ hour }) => hours.has(hour)).length;
      return shared > 0 && shared >= CONNECTED_SHARE * attempted.length ? [[group, shared]] : [];
    }),
  );
  const rows = together.size === 0 ? [] : await run(attemptsInAnswer(scope, [...together.keys()]));
  return new Map(
    rows
      .map((row) => row.map(Number))
      .map(([group = 0, attempts = 0, during = 0, seconds = 0, records = 0]) => [
        group,
        { attempts, during, seconds, records, hours: together.get(group) ?? 0 },
      ]),
  );
}

async function readPorts({ dialect }: SqlScope, run: RunStatement): Promise<Counts['ports']> {
  const repeated = await run(repeatedPorts(PORT_REPEATS, PORT_REPEATS_IN_AN_HOUR, dialect));
  const groups = repeated.map(([group]) => Number(group));
  return byGroup(
    groups.length === 0 ? [] : await run(differentPorts(groups, dialect)),
    ([attempts = 0, different = 0, byHour = 0, syns = 0]) => ({ attempts, different, byHour, syns }),
  );
}

async function readShapes(
  scope: SqlScope,
  logins: readonly number[],
  run: RunStatement,
): Promise<Counts['shapes']> {
  if (logins.length === 0) return new Map();
  const shapes = byGroup(
    await run(sessionShapes(logins, scope.dialect)),
    ([sessions = 0, bytes = 0, squares = 0, heavy = 0]): SessionShape => ({
      sessions,
      ...amounts(sessions, bytes, squares),
      heavyShare: heavy / Math.max(1, sessions),
      answers: null,
      intervals: null,
    }),
  );
  const guesses = [...shapes].flatMap(([group, shape]) => (areGuesses({ shape }) ? [group] : []));
  if (guesses.length === 0) return shapes;
  const intervals = byGroup(
    await run(sessionIntervals(guesses, scope.dialect)),
    ([median = 0, equal = 0, all = 0, moments = 0, squares = 0]): Intervals => {
      const perMoment = (all + 1) / Math.max(1, moments);
      const variance = Math.max(0, squares / Math.max(1, moments) - perMoment ** 2);
      return { median, equalShare: equal / Math.max(1, all), perMoment, variance };
    },
  );
  const canAnswer = ['srcport', 'dstport', 'protocol', 'bytes'].every((name) => scope.columns.has(name));
  const answers = byGroup(
    canAnswer ? await run(answerShapes(scope, guesses)) : [],
    ([count = 0, bytes = 0, squares = 0, heavy = 0]): AnswerShape => ({
      ...amounts(count, bytes, squares),
      heavyShare: heavy / Math.max(1, count),
    }),
  );
  return new Map(
    [...shapes].map(([group, shape]) => [
      group,
      { ...shape, answers: answers.get(group) ?? null, intervals: intervals.get(group) ?? null },
    ]),
  );
}

/** The mean of so many amounts, and their standard deviation over it. */
function amounts(number: number, sum: number, squares: number): Pick<SessionShape, 'meanBytes' | 'spread'> {
  const meanBytes = sum / Math.max(1, number);
  const variance = Math.max(0, squares / Math.max(1, number) - meanBytes ** 2);
  return { meanBytes, spread: meanBytes === 0 ? 0 : Math.sqrt(variance) / meanBytes };
}

/** Rows for each port of a group, put together. */
function letInOf(rows: readonly (readonly number[])[]): Counts['letIn'] {
  const groups = new Map<number, LetIn>();
  for (const [group = 0, , flows = 0, firstHour = 0, lastHour = 0] of rows) {
    const other = groups.get(group);
    groups.set(group, {
      flows: flows + (other?.flows ?? 0),
      firstHour: Math.min(firstHour, other?.firstHour ?? Infinity),
      lastHour: Math.max(lastHour, other?.lastHour ?? 0),
    });
  }
  return groups;
}

function activeHours(rows: readonly (readonly unknown[])[]): Counts['active'] {
  const active = new Map<number, ActiveHour[]>();
  for (const [group, hour, attempts, first, last, slots, bytes, longest] of rows) {
    const list = active.get(Number(group)) ?? [];
    if (list.length === 0) active.set(Number(group), list);
    list.push({
      hour: Number(hour),
      attempts: Number(attempts),
      first: Number(first),
      last: Number(last),
      slots: Number(slots),
      bytes: Number(bytes),
      longest: Number(longest),
    });
  }
  return active;
}

/** A row for each group, which stands first. */
function byGroup<T>(
  rows: readonly (readonly unknown[])[],
  read: (rest: readonly number[]) => T,
): ReadonlyMap<number, T> {
  return new Map(
    rows.map((row) => {
      const [group = 0, ...rest] = row.map(Number);
      return [group, read(rest)];
    }),
  );
}
