import {
  createSessions,
  dropGuesses,
  fieldsOfSessions,
  guessingSources,
  heavySessions,
  sessionHours,
} from '../../sql/investigate/guessing-queries.ts';
import { readKey } from '../../sql/key.ts';
import { judgeContext, type InvestigationContext } from '../context.ts';
import { groupBy } from '../group-by.ts';
import type { SearchResult } from '../search.ts';
import { list } from '../wording.ts';
import { successOf, type Guesser, type HeavySession } from './guesser.ts';
import { guessingSucceeded } from './guessing-succeeded.ts';

/** Sources that guessed at logins, and then had a long or heavy session at one. */
export async function searchGuessing(context: InvestigationContext): Promise<SearchResult> {
  const { scope, session, hours, own, isOurs } = context;
  const missing = fieldsOfSessions.filter(
    (name) => !scope.columns.has(name) || context.unlogged.includes(name),
  );
  if (missing.length > 0)
    return {
      findings: [],

      notes: [`Guessing that succeeded could not be searched for: the logs have no ${list(missing)}.`],
    };
  try {
    for (const statement of createSessions(scope, [...own])) await session.run(statement);
    const successes = (await readGuessers(context)).flatMap((guesser) => {
      const success = successOf(guesser, isOurs(guesser.src), hours);
      return success === null ? [] : [{ guesser, success }];
    });
    const judge = await judgeContext(context, {
      addresses: successes.flatMap(({ guesser, success }) => [guesser.src, success.dst]),
      interfaces: successes.map(({ success }) => success.interface),
    });
    return {
      findings: successes.map(({ guesser, success }) => guessingSucceeded(guesser, success, judge)),

      notes: [],
    };
  } finally {
    for (const statement of dropGuesses(scope)) await session.run(statement).catch(() => undefined);
  }
}

async function readGuessers({
  session: { dialect, run },
}: InvestigationContext): Promise<readonly Guesser[]> {
  const rows = await run(guessingSources(dialect));
  const sources = rows.map(([src]) => readKey(src));
  if (sources.length === 0) return [];
  const sessions = groupBy(await run(heavySessions(dialect, sources)), ([src]) => readKey(src));
  const hours = groupBy(await run(sessionHours(dialect, sources)), ([src]) => readKey(src));
  return rows.map(([src, connections, guesses, heavy, doors, last, answered, bytes, squares]) => {
    const key = readKey(src);
    const mean = Number(bytes) / Math.max(1, Number(answered));
    const variance = Number(squares) / Math.max(1, Number(answered)) - mean ** 2;
    return {
      src: key,
      connections: Number(connections),
      guesses: Number(guesses),
      heavy: Number(heavy),
      doors: Number(doors),
      lastGuess: Number(last),
      answered: Number(answered),
      meanBytes: mean,
      variation: mean === 0 ? 0 : Math.sqrt(Math.max(0, variance)) / mean,
      active: (hours.get(key) ?? []).map(([, hour, attempts, first, lastOf, guessed]) => ({
        hour: Number(hour),
        attempts: Number(attempts),
        first: Number(first),
        last: Number(lastOf),
        slots: 1,
        bytes: 0,
        longest: 0,
        guesses: Number(guessed),
      })),
      sessions: (sessions.get(key) ?? []).map(readSession),
    };
  });
}

function readSession(row: readonly unknown[]): HeavySession {
  const [, face, dst, port, sourcePort, start, stop, sent, answered, packets, guesses] = row;
  return {
    interface: readKey(face),
    dst: readKey(dst),
    port: Number(port),
    sourcePort: Number(sourcePort),
    start: Number(start),
    stop: Number(stop),
    sent: Number(sent),
    answered: Number(answered),
    packets: Number(packets),
    guesses: Number(guesses ?? 0),
  };
}
