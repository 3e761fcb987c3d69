import { existsSync } from 'node:fs';
import { DuckDBConnection, type DuckDBResultReader, type DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { PeepholeError } from '../../model/errors.ts';
import { KNOWN } from '../../sql/dialects/duckdb-known.ts';
import type { RunOptions } from '../engine.ts';
import { fromDuckDb } from './duckdb-errors.ts';

export interface DatabaseOptions {
  /** Bytes that DuckDB may use; what does not fit is spilled to `tempFolder`. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly tempFolder: string;
  /** The only folder that statements may attach files of (for compaction). */
  readonly attachFolder: string;
}

/** A DuckDB connection together with the handle that its low-level calls take. */
export interface Connection {
  readonly api: DuckDBConnection;
  readonly raw: duckdb.Connection;
}

/** An open DuckDB file, with a pool of connections. Statements can't touch other files, load extensions, or reach the network. */
export class Database {
  readonly #handle: duckdb.Database;
  readonly #idle: Connection[] = [];
  #closed = false;

  private constructor(handle: duckdb.Database) {
    this.#handle = handle;
  }

  /** Opens or creates the file. Throws DuckDB's own error (see `isLockError`). */
  static async open(path: string, options: DatabaseOptions): Promise<Database> {
    const settings = {
      memory_limit: `${Math.floor(options.memoryBytes / 1024)}KiB`,
      threads: String(options.threads),
      temp_directory: options.tempFolder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    };
    const config = duckdb.create_config();
    for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value);
    if (existsSync(`${path}.wal`)) await foldLog(path, config);
    const handle = await duckdb.open(path, config);
    const database = new Database(handle);
    await database.withConnection(async ({ api }) => {
      // What is known of addresses lies beside the file, in memory (sql/dialects/duckdb-known.ts).
      await api.run(`ATTACH ':memory:' AS ${KNOWN}`);
      await api.run(`SET allowed_directories = [${quote(options.attachFolder)}]`);
      await api.run('SET enable_external_access = false');
    });
    return database;
  }

  /** How many threads statements share from now on, those of other connections too. */
  async useThreads(count: number): Promise<void> {
    await this.withConnection(({ api }) => api.run(`SET threads = ${count}`));
  }

  /** A connection of its own, for a long life; the caller disconnects it. */
  async connect(): Promise<Connection> {
    if (this.#closed) throw new PeepholeError('store_busy', 'The store is closing.');
    const raw = await duckdb.connect(this.#handle);
    const api = new DuckDBConnection(raw);
    await api.run("SET TimeZone = 'UTC'");
    return { api, raw };
  }

  /** Lends a connection of the pool. One whose work failed is not used again. */
  async withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.connect());
    try {
      const result = await work(connection);
      if (this.#closed || this.#idle.length >= 8) connection.api.disconnectSync();
      else this.#idle.push(connection);
      return result;
    } catch (error) {
      connection.api.disconnectSync();
      throw error;
    }
  }

  /** Runs one statement of ours and reads its rows. */
  async rows(
    sql: string,
    params: readonly DuckDBValue[] = [],
    options: RunOptions = {},
  ): Promise<DuckDBValue[][]> {
    return this.withConnection(async (connection) => {
      const reader = await runStatement(connection, sql, params, options);
      return reader.getRows();
    });
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.api.disconnectSync();
    duckdb.close_sync(this.#handle);
  }
}

/**
 * Folds the write-ahead log of a process that was killed into its file. Beside a database in memory, since DuckDB 1.5
 * fails to read some logs (with columns that were added) where the file is the only database: "no default database set".
 */
async function foldLog(path: string, config: duckdb.Config): Promise<void> {
  const handle = await duckdb.open(':memory:', config);
  try {
    const api = new DuckDBConnection(await duckdb.connect(handle));
    try {
      await api.run(`ATTACH ${quote(path)} AS killed`);
      await api.run('CHECKPOINT killed');
      await api.run('DETACH killed');
    } finally {
      api.disconnectSync();
    }
  } finally {
    duckdb.close_sync(handle);
  }
}

/**
 * Runs a statement to its end, unless `signal` is aborted (code `cancelled`) or `timeoutMs` pass
 * (code `timeout`): then the work inside DuckDB is interrupted.
 */
export async function runStatement(
  connection: Connection,
  sql: string,
  params: readonly DuckDBValue[],
  options: RunOptions,
  failure: 'engine_failed' | 'bad_sql' = 'engine_failed',
): Promise<DuckDBResultReader> {
  const { signal, timeoutMs } = options;
  if (signal?.aborted === true) throw new PeepholeError('cancelled', 'The query was cancelled.');
  let timedOut = false;
  const interrupt = (): void => connection.api.interrupt();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          interrupt();
        }, timeoutMs);
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await connection.api.runAndReadAll(sql, params.length === 0 ? undefined : [...params]);
  } catch (error) {
    if (timedOut) {
      const seconds = (timeoutMs ?? 0) / 1000;
      throw new PeepholeError(
        'timeout',
        `The query took longer than ${seconds} s and was stopped. Narrow the time range or raise the limit.`,
        { sql },
      );
    }
    throw fromDuckDb(error, failure, sql);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', interrupt);
  }
}

/** A text as a SQL literal: for settings, which can't be bound. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
