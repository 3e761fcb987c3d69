import { PeepholeError } from '../../model/errors.ts';
import { unionOf } from '../../sql/dialects/druid/druid-counted.ts';
import type { RunOptions } from '../engine.ts';
import type { DruidServer } from './druid-server.ts';
import type { Row } from './read-lines.ts';

/**
 * The rows of statements with the same columns, one after the other, in one request. In one each where Druid can't plan them as one:
 * it takes no part in which its planner sees that nothing matches, as a port that is 22 and 80.
 *
 * @param texts what the `?` of all of them stand for
 */
export async function* rowsInTurn(
  server: DruidServer,
  sqls: readonly string[],
  texts: readonly string[],
  options: RunOptions,
): AsyncGenerator<readonly Row[]> {
  try {
    yield* server.pieces(unionOf(sqls), texts, options);
    return;
  } catch (error) {
    if (!isUnplanned(error)) throw error;
  }
  let from = 0;
  for (const sql of sqls) {
    const to = from + placesIn(sql);
    yield* server.pieces(sql, texts.slice(from, to), options);
    from = to;
  }
}

/** Whether Druid could not plan a statement, of which it has told no row then. */
export function isUnplanned(error: unknown): boolean {
  return (
    error instanceof PeepholeError &&
    error.code === 'engine_failed' &&
    error.message.includes('could not be planned')
  );
}

/** How many `?` a statement has outside quotes. */
function placesIn(sql: string): number {
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '').split('?').length - 1;
}
