import { PeepholeError } from '../../model/errors.ts';
import type { EnrichmentState } from '../../sql/compile-context.ts';
import type { Dialect } from '../../sql/dialects/dialect.ts';
import type { SqlResult, SqlRows, SqlRunOptions } from '../engine.ts';
import type { Columns } from './columns.ts';
import { derivedIn, withDerivedFlows } from './flows-with-derived.ts';
import type { ClickHouseServer, RowStream } from './server.ts';
import { checkSql } from './sql-guard.ts';

/** What SQL of users needs of the store. */
interface SqlStore {
  readonly columns: Columns;
  whileCurrent<T>(
    names: readonly string[] | null,
    work: (dialect: Dialect, state: EnrichmentState | null) => Promise<T>,
  ): Promise<T>;
}

/**
 * Runs one SELECT of a user's over the views. Throws `bad_sql` for anything that is not a SELECT over the views, and for
 * what ClickHouse finds wrong with it.
 */
export async function runSql(
  server: ClickHouseServer,
  store: SqlStore,
  text: string,
  options: SqlRunOptions = {},
): Promise<SqlResult> {
  const { beforeRun, ...running } = options;
  const statement = text.trim().replace(/;\s*$/, '');
  try {
    const used = await checkSql(server, statement);
    await beforeRun?.(0);
    const derived = derivedIn(used).map(({ name }) => name);
    let open: RowStream | null = null;
    const stream = await store.whileCurrent(derived.length === 0 ? null : derived, async (dialect, state) => {
      // One that was opened before flows came is not read.
      open?.close();
      open = await server.stream(withDerivedFlows(statement, used, store.columns, dialect, state), running);
      return open;
    });
    const types = stream.columns.map(({ type }) => type);
    async function* batches(): AsyncGenerator<SqlRows> {
      for await (const rows of stream.rows)
        yield rows.map((row) => row.map((cell, i) => jsonCell(cell, types[i] ?? '')));
    }
    return { columns: stream.columns, batches: batches(), close: async () => stream.close() };
  } catch (error) {
    if (error instanceof PeepholeError && error.code === 'engine_failed')
      throw new PeepholeError('bad_sql', error.message, error.details, { cause: error });
    throw error;
  }
}

/** Whole numbers beyond 2^53 as strings, times as ISO 8601 UTC, NaN and infinities as strings. */
function jsonCell(cell: unknown, type: string): unknown {
  if (typeof cell === 'bigint')
    return cell >= -MOST_EXACT && cell <= MOST_EXACT ? Number(cell) : String(cell);
  if (typeof cell === 'string' && /^(Nullable\()?DateTime/.test(type)) return `${cell.replace(' ', 'T')}Z`;
  if (typeof cell === 'string' && /^(Nullable\()?Float/.test(type)) return NO_NUMBERS[cell] ?? cell;
  return cell;
}

/** What ClickHouse calls them. */
const NO_NUMBERS: Readonly<Record<string, string>> = {
  inf: 'Infinity',
  '-inf': '-Infinity',
  nan: 'NaN',
  '-nan': 'NaN',
};

const MOST_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
