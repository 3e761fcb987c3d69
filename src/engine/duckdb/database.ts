import { existsSync } from 'node:fs';
import { DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { PeepholeError } from '../../model/errors.ts';
import { ENRICHMENT } from '../../sql/dialects/duckdb/duckdb-enrichment.ts';
import type { RunOptions } from '../engine.ts';
import { plainCells } from './chunk-rows.ts';
import type { Connection } from './connection.ts';
import { runStatement, startStatement } from './execute-statement.ts';
import { cutUncommittedTail, hasUncommittedTail } from './write-ahead-log.ts';

export interface DatabaseOptions {
  /** Bytes that DuckDB may use; what does not fit is spilled to `tempFolder`. */
  readonly memoryBytes: number;
  readonly threads: number;
  readonly tempFolder: string;
  /** The only folder that statements may attach files of (for compaction). */
  readonly attachFolder: string;
  /** Nothing is written, not even a log; other processes may read the file at the same time. */
  readonly readOnly: boolean;
}

/** Connections that are kept for whoever comes next. */
const MOST_IDLE = 8;

/** An open DuckDB file, with a pool of connections. Statements can't touch other files, load extensions, or reach the network. */
export class Database {
  /** Where what does not fit into memory goes. */
  readonly tempFolder: string;
  readonly #handle: duckdb.Database;
  readonly #idle: Connection[] = [];
  #lent = 0;
  #closed = false;
  #whenUnused: (() => void) | null = null;

  private constructor(handle: duckdb.Database, tempFolder: string) {
    this.#handle = handle;
    this.tempFolder = tempFolder;
  }

  /** Opens or creates the file. Throws DuckDB's own error (see `isLockError`). */
  static async open(path: string, options: DatabaseOptions): Promise<Database> {
    const settings = {
      memory_limit: kibibytes(options.memoryBytes),
      threads: String(options.threads),
      temp_directory: options.tempFolder,
      access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // What is given back to the system is given back by a thread of its own, not by the next statement.
      allocator_background_threads: 'true',
    };
    const config = duckdb.create_config();
    for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value);
    if (!options.readOnly && existsSync(`${path}.wal`)) await foldLog(path, config);
    const handle = await duckdb.open(path, config);
    const database = new Database(handle, options.tempFolder);
    await database.withConnection(async ({ api }) => {
      // The enrichment tables lie beside the file, in memory (sql/dialects/duckdb/duckdb-enrichment.ts).
      await api.run(`ATTACH ':memory:' AS ${ENRICHMENT} (READ_WRITE)`);
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

  /** How much memory statements share from now on, in bytes. Fails where more than that can't be let go of. */
  async useMemory(bytes: number): Promise<void> {
    await this.withConnection(({ api }) => api.run(`SET memory_limit = '${kibibytes(bytes)}'`));
  }

  /** Lends a connection of the pool. One whose work failed is not used again. */
  async withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.borrow();
    let done = false;
    try {
      const result = await work(connection);
      done = true;
      return result;
    } finally {
      if (done) this.giveBack(connection);
      else await this.discard(connection);
    }
  }

  /** As `withConnection`, for work that ends elsewhere: whoever borrows gives back. */
  async borrow(): Promise<Connection> {
    this.#lent++;
    try {
      return this.#idle.pop() ?? (await this.connect());
    } catch (error) {
      this.#returned();
      throw error;
    }
  }

  giveBack(connection: Connection): void {
    if (this.#closed || this.#whenUnused !== null || this.#idle.length >= MOST_IDLE)
      connection.api.disconnectSync();
    else this.#idle.push(connection);
    this.#returned();
  }

  /**
   * Gives a connection back whose work failed or was given up: it is not used again. What DuckDB holds for an unread
   * result it lets go of with the next statement; without one that would be when the result is garbage.
   */
  async discard(connection: Connection): Promise<void> {
    await connection.api.run('ROLLBACK').catch(() => undefined);
    connection.api.disconnectSync();
    this.#returned();
  }

  #returned(): void {
    this.#lent--;
    if (this.#lent === 0) this.#whenUnused?.();
  }

  /** Runs one statement of ours and reads its rows. */
  async rows(
    sql: string,
    params: readonly DuckDBValue[] = [],
    options: RunOptions = {},
  ): Promise<DuckDBValue[][]> {
    return this.withConnection((connection) => runStatement(connection, sql, params, options));
  }

  /** The rows of one statement of ours as DuckDB works them out, a chunk of it at a time. */
  async *stream(sql: string, params: readonly DuckDBValue[] = []): AsyncGenerator<unknown[][]> {
    const connection = await this.borrow();
    let done = false;
    try {
      const { chunks } = await startStatement(connection, sql, params, {});
      yield* chunks(plainCells);
      done = true;
    } finally {
      if (done) this.giveBack(connection);
      else await this.discard(connection);
    }
  }

  /** Closes once what runs on it has ended; what runs meanwhile may begin more. */
  async retire(): Promise<void> {
    if (this.#lent > 0)
      await new Promise<void>((resolve) => {
        this.#whenUnused = resolve;
      });
    this.close();
  }

  close(): void {
    if (this.#closed) return;
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
      if (await hasUncommittedTail(path)) {
        // Read by us, it can't be written by others; and what is only read stays as it is.
        await api.run(`ATTACH ${quote(path)} AS locked (READ_ONLY)`);
        await cutUncommittedTail(path);
        await api.run('DETACH locked');
      }
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

function kibibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}KiB`;
}

/** A text as a SQL literal: for settings, which can't be bound. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
