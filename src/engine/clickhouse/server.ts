import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseClientConfigOptions,
  type QueryParams,
  createClient,
} from '@clickhouse/client';
import { abortReason, throwIfAborted } from '../../model/errors.ts';
import type { Parameter } from '../../sql/binder.ts';
import { quote, textLiteral } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import {
  ROWS_FORMAT,
  STREAM_FORMAT,
  readRows,
  readStream,
} from '../../sql/dialects/clickhouse/clickhouse-rows.ts';
import { clickhouseSettings } from '../../sql/dialects/clickhouse/clickhouse-settings.ts';
import type { RunOptions, SqlColumn } from '../engine.ts';
import type { ServerAddress } from '../store-driver.ts';
import { isBehind, isPassing, toPeepholeError } from './clickhouse-errors.ts';
import { clusterSettings, isParted, onCluster } from './table-layout.ts';

export type Row = readonly unknown[];

interface AskOptions extends RunOptions {
  /** The session whose temporary tables the statement sees. */
  readonly session?: string;
  /** Nothing can be changed by it. */
  readonly readOnly?: boolean;
}

/** Rows on their way. */
export interface RowStream {
  readonly columns: readonly SqlColumn[];
  readonly rows: AsyncGenerator<readonly Row[]>;
  /** Lets go of what was not read. */
  close(): void;
}

/** A statement may take as long as its caller lets it: the longest that the client's timer can wait. */
const NO_TIMEOUT = 2 ** 31 - 1;
const DEFAULT_DATABASE = 'peephole';
/** Milliseconds before an insert is sent again whose outcome is not known, or that the server had no room for: half a minute in all. */
const INSERT_AGAIN = [100, 300, 1_000, 3_000, 5_000, 10_000, 10_000];
/** Milliseconds before a question is asked again that a replica refused, since it lacked rows of others. */
const BEHIND_AGAIN = [100, 300, 1_000];
/** What holds for every insert. */
const INSERT_SETTINGS = {
  // What was acknowledged is written, whatever the user's profile says.
  async_insert: 0,
  // By the token; without one ClickHouse would take rows for sent again that are only equal to others.
  insert_deduplicate: 1,
  // Where an insert ended between a table and its rollup, the rollup is filled when it is sent again.
  deduplicate_blocks_in_dependent_materialized_views: 1,
} as const;

/** One database of a ClickHouse server, over HTTP. Errors are PeepholeErrors: `engine_unreachable`, `engine_refused`, `engine_failed`. */
export class ClickHouseServer {
  readonly database: string;
  readonly #client: ClickHouseClient;
  readonly #options: ClickHouseClientConfigOptions;
  /** The server's address. */
  readonly where: string;
  /** The cluster that the tables of the store are on; null: on this server alone. */
  readonly cluster: string | null;

  /** Throws `usage` for what is no such address. */
  constructor({ url, username, password }: ServerAddress, cluster: string | null = null) {
    this.cluster = cluster;
    const parsed = new URL(url);
    this.database = decodeURIComponent(parsed.pathname.replace(/^\//, '')) || DEFAULT_DATABASE;
    parsed.pathname = '';
    this.where = parsed.origin;
    this.#options = {
      url: parsed.origin,
      username,
      password,
      application: 'peephole',
      request_timeout: NO_TIMEOUT,
      max_open_connections: 16,
      use_multipart_params_auto: true,
      clickhouse_settings: {
        ...clickhouseSettings,
        ...(cluster === null ? {} : clusterSettings),
        // Whoever hangs up wants no more.
        cancel_http_readonly_queries_on_client_close: 1,
        // An answer is whole, or an error: without it an error may come after a part of the rows.
        wait_end_of_query: 1,
      },
      // Errors are reported by the caller.
      log: { level: ClickHouseLogLevel.OFF },
    };
    this.#client = createClient({ ...this.#options, database: this.database });
  }

  /** A server, with the cluster that the store in the database was set up on. */
  static async connect(address: ServerAddress): Promise<ClickHouseServer> {
    const server = new ClickHouseServer(address);
    try {
      const cluster = await server.storedCluster();
      if (cluster === null || cluster === undefined) return server;
      await server.close();
      return new ClickHouseServer(address, cluster);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  get createDatabaseStatement(): string {
    return `CREATE DATABASE IF NOT EXISTS ${quote(this.database)}${onCluster(this.cluster)}`;
  }

  /** The cluster that the tables of the database are on; null: on one server; undefined: there are none. */
  async storedCluster(): Promise<string | null | undefined> {
    // No database is named by the request: it may not be there.
    const client = createClient({ ...this.#options, database: 'default' });
    const query = "SELECT engine_full FROM system.tables WHERE database = {p1:String} AND name = 'flow_row'";
    try {
      const result = await client.query({ query, format: ROWS_FORMAT, query_params: { p1: this.database } });
      const [row] = readRows(await result.text());
      if (row === undefined) return undefined;
      const [, name] = /^Distributed\('((?:[^'\\]|\\.)*)'/.exec(String(row[0])) ?? [];
      return name?.replace(/\\(.)/g, '$1') ?? null;
    } catch (error) {
      throw toPeepholeError(error, this.where, query);
    } finally {
      await client.close();
    }
  }

  /** Makes the database, if it is not there. */
  async createDatabase(): Promise<void> {
    const client = createClient({ ...this.#options, database: 'default' });
    const query = this.createDatabaseStatement;
    try {
      await client.command({ query });
    } catch (error) {
      throw toPeepholeError(error, this.where, query);
    } finally {
      await client.close();
    }
  }

  /** The rows of a statement, whole numbers of 64 bits and more as bigint. */
  async rows(
    sql: string,
    params: readonly Parameter[] = [],
    options: AskOptions = {},
  ): Promise<readonly Row[]> {
    const ask = (): Promise<readonly Row[]> =>
      this.#killing(sql, options, async (id) => {
        const result = await this.#client.query({
          query: sql,
          format: ROWS_FORMAT,
          query_params: Object.fromEntries(params.map((value, i) => [`p${i + 1}`, String(value)])),
          ...requestOptions(id, options),
        });
        return readRows(await result.text());
      });
    for (const wait of BEHIND_AGAIN) {
      try {
        return await ask();
      } catch (error) {
        if (!isBehind(error)) throw error;
        await sleep(wait, undefined, options.signal === undefined ? {} : { signal: options.signal });
      }
    }
    return ask();
  }

  /**
   * The rows of a user's statement as they arrive, with the names and types of its columns; nothing can be changed by it.
   * The server works all of it out before the first one is sent (`wait_end_of_query`), so that an error comes instead of them.
   */
  async stream(sql: string, options: RunOptions): Promise<RowStream> {
    const ask = { ...options, readOnly: true };
    const open = await this.#killing(sql, ask, async (id) => {
      const result = await this.#client.query({
        query: sql,
        format: STREAM_FORMAT,
        ...requestOptions(id, ask),
      });
      const chunks = readStream(result.stream()[Symbol.asyncIterator]());
      return { id, columns: await chunks.columns(), rows: chunks.rows(), close: () => result.close() };
    });
    const { signal } = options;
    const stop = (): void => void this.#kill(open.id);
    const where = this.where;
    async function* rows(): AsyncGenerator<readonly Row[]> {
      signal?.addEventListener('abort', stop, { once: true });
      try {
        yield* open.rows;
      } catch (error) {
        if (signal?.aborted === true) throw abortReason(signal);
        throw toPeepholeError(error, where, sql);
      } finally {
        signal?.removeEventListener('abort', stop);
        open.close();
      }
    }
    return { columns: open.columns, rows: rows(), close: open.close };
  }

  /** Runs work under an id; aborting ends it in the server. */
  async #killing<T>(sql: string, { signal }: RunOptions, work: (queryId: string) => Promise<T>): Promise<T> {
    const queryId = randomUUID();
    throwIfAborted(signal);
    const stop = (): void => void this.#kill(queryId);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      return await work(queryId);
    } catch (error) {
      throwIfAborted(signal);
      throw toPeepholeError(error, this.where, sql);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Runs a statement that has no rows. */
  async run(sql: string, options: { readonly session?: string } = {}): Promise<void> {
    try {
      await this.#client.command({
        query: sql,
        ...(options.session === undefined ? {} : { session_id: options.session }),
      });
    } catch (error) {
      throw toPeepholeError(error, this.where, sql);
    }
  }

  /**
   * Deletes rows of a table, on every server that has it, and returns when they are gone. Throws `engine_failed` where one of them
   * is away: it does it when it is back. @param condition without subqueries, which each server would answer by itself
   */
  async deleteRows(table: string, condition: string): Promise<void> {
    // A table that every server has all of passes the deletion on by itself.
    const target =
      this.cluster !== null && isParted(table) ? `${table}_local${onCluster(this.cluster)}` : table;
    await this.run(`ALTER TABLE ${target} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`);
  }

  /** Bytes of the database on disk; on a cluster, those of one replica of each shard. */
  async bytes(): Promise<number> {
    const parts =
      this.cluster === null ? 'system.parts' : `cluster(${textLiteral(this.cluster)}, system.parts)`;
    const [row] = await this.rows(
      `SELECT sum(bytes_on_disk) FROM ${parts} WHERE active AND database = {p1:String}`,
      [this.database],
    );
    return Number(row?.[0] ?? 0);
  }

  /** Inserts rows in ClickHouse's format Native: wholly, or not at all (up to a million at a time). */
  insertBlock(table: string, columns: readonly string[], block: Buffer): Promise<void> {
    return this.#insert(table, columns, 'Native', block);
  }

  /** Inserts rows by column, likewise; whole numbers may be bigint. */
  async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const lines = rows.map((row) => `${JSON.stringify(row, numbersAsText)}\n`);
    await this.#insert(table, Object.keys(first), 'JSONEachRow', Buffer.from(lines.join('')));
  }

  /** Sent again until its outcome is known; by its token the server takes it once. */
  async #insert(table: string, columns: readonly string[], format: string, data: Buffer): Promise<void> {
    const query = `INSERT INTO ${table} (${columns.map(quote).join(', ')}) FORMAT ${format}`;
    const clickhouse_settings = { ...INSERT_SETTINGS, insert_deduplication_token: randomUUID() };
    for (const wait of [...INSERT_AGAIN, null]) {
      try {
        const { stream } = await this.#client.exec({
          query,
          values: Readable.from([data]),
          clickhouse_settings,
        });
        await finished(stream.resume());
        return;
      } catch (error) {
        const converted = toPeepholeError(error, this.where, query);
        if (wait === null || !isPassing(error, converted)) throw converted;
        await sleep(wait);
      }
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Ends a statement in the server too: hanging up alone does not end all of them. */
  async #kill(id: string): Promise<void> {
    await this.#client
      .command({ query: 'KILL QUERY WHERE query_id = {id: String} ASYNC', query_params: { id } })
      .catch(() => undefined);
  }
}

/** What a request for rows says beside its statement. */
function requestOptions(
  query_id: string,
  { signal, session, readOnly }: AskOptions,
): Pick<QueryParams, 'query_id' | 'abort_signal' | 'session_id' | 'clickhouse_settings'> {
  return {
    query_id,
    ...(signal === undefined ? {} : { abort_signal: signal }),
    ...(session === undefined ? {} : { session_id: session }),
    ...(readOnly === true ? { clickhouse_settings: { readonly: '2' } } : {}),
  };
}

/** JSON has no whole numbers beyond 2^53; ClickHouse reads them from texts. */
function numbersAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
