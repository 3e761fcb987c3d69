import { PeepholeError } from '../../model/errors.ts';
import type { SqlResult, SqlRows, SqlRunOptions } from '../engine.ts';
import type { ClickHouseServer } from './server.ts';
import { checkSql } from './sql-guard.ts';

/** So many rows are handed on at once. */
const BATCH = 2_000;

/**
 * Runs one SELECT of a user's over the views. Throws `bad_sql` for anything that is not a SELECT over the views, and for
 * what ClickHouse finds wrong with it.
 */
export async function runSql(
  server: ClickHouseServer,
  text: string,
  options: SqlRunOptions = {},
): Promise<SqlResult> {
  const { beforeRun, ...running } = options;
  const statement = text.trim().replace(/;\s*$/, '');
  try {
    await checkSql(server, statement);
    await beforeRun?.(0);
    const { columns, rows } = await server.table(statement, running);
    const types = columns.map(({ type }) => type);
    async function* batches(): AsyncGenerator<SqlRows> {
      for (let from = 0; from < rows.length; from += BATCH)
        yield rows
          .slice(from, from + BATCH)
          .map((row) => row.map((cell, i) => jsonCell(cell, types[i] ?? '')));
    }
    return { columns, batches: batches(), close: async () => undefined };
  } catch (error) {
    if (error instanceof PeepholeError && error.code === 'engine_failed')
      throw new PeepholeError('bad_sql', error.message, error.details, { cause: error });
    throw error;
  }
}

/** Whole numbers beyond 2^53 as strings, times as ISO 8601 UTC. */
function jsonCell(cell: unknown, type: string): unknown {
  if (typeof cell === 'bigint')
    return cell >= -MOST_EXACT && cell <= MOST_EXACT ? Number(cell) : String(cell);
  if (typeof cell === 'string' && /^(Nullable\()?DateTime/.test(type)) return `${cell.replace(' ', 'T')}Z`;
  return cell;
}

const MOST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
