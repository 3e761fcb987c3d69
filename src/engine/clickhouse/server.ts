import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseClientConfigOptions,
  createClient,
} from '@clickhouse/client';
import type { Parameter } from '../../sql/binder.ts';
import { quote } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';
import { ROWS_FORMAT, readRows } from '../../sql/dialects/clickhouse/clickhouse-rows.ts';
import { clickhouseSettings } from '../../sql/dialects/clickhouse/clickhouse-settings.ts';
import type { RunOptions, SqlColumn } from '../engine.ts';
import type { ServerAddress } from '../store-driver.ts';
import { toPeepholeError } from './clickhouse-errors.ts';

export type Row = readonly unknown[];

/** A statement may take as long as its caller lets it: the longest that the client's timer can wait. */
const NO_TIMEOUT = 2 ** 31 - 1;
const DEFAULT_DATABASE = 'peephole';

/** One database of a ClickHouse server, over HTTP. Errors are PeepholeErrors: `engine_unreachable`, `engine_refused`, `engine_failed`. */
export class ClickHouseServer {
  readonly database: string;
  readonly #client: ClickHouseClient;
  readonly #options: ClickHouseClientConfigOptions;
  readonly #where: string;

  /** Throws `usage` for what is no such address. */
  constructor({ url, username, password }: ServerAddress) {
    const parsed = new URL(url);
    this.database = decodeURIComponent(parsed.pathname.replace(/^\//, '')) || DEFAULT_DATABASE;
    parsed.pathname = '';
    this.#where = parsed.origin;
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
        // Whoever hangs up wants no more.
        cancel_http_readonly_queries_on_client_close: 1,
        // An answer is whole, or an error: without it an error may come after a part of the rows.
        wait_end_of_query: 1,
      },
      // The errors are told where they matter.
      log: { level: ClickHouseLogLevel.OFF },
    };
    this.#client = createClient({ ...this.#options, database: this.database });
  }

  get createDatabaseStatement(): string {
    return `CREATE DATABASE IF NOT EXISTS ${quote(this.database)}`;
  }

  /** Makes the database, if it is not there. */
  async createDatabase(): Promise<void> {
    const client = createClient({ ...this.#options, database: 'default' });
    const query = this.createDatabaseStatement;
    try {
      await client.command({ query });
    } catch (error) {
      throw toPeepholeError(error, this.#where, query);
    } finally {
      await client.close();
    }
  }

  /** The rows of a statement, whole numbers of 64 bits and more as bigint. */
  async rows(
    sql: string,
    params: readonly Parameter[] = [],
    options: RunOptions & { readonly session?: string } = {},
  ): Promise<readonly Row[]> {
    return readRows(await this.#ask(sql, params, options));
  }

  /** The rows of a user's statement, with the names and types of its columns; nothing can be changed by it. */
  async table(
    sql: string,
    options: RunOptions,
  ): Promise<{ readonly columns: readonly SqlColumn[]; readonly rows: readonly Row[] }> {
    const text = await this.#ask(sql, [], { ...options, readOnly: true });
    const { meta } = JSON.parse(text) as { readonly meta: readonly SqlColumn[] };
    return { columns: meta.map(({ name, type }) => ({ name, type })), rows: readRows(text) };
  }

  async #ask(
    sql: string,
    params: readonly Parameter[],
    options: RunOptions & { readonly session?: string; readonly readOnly?: boolean },
  ): Promise<string> {
    const { signal, session, readOnly } = options;
    const query_id = randomUUID();
    signal?.throwIfAborted();
    const stop = (): void => void this.#kill(query_id);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const result = await this.#client.query({
        query: sql,
        format: ROWS_FORMAT,
        query_id,
        query_params: Object.fromEntries(params.map((value, i) => [`p${i + 1}`, String(value)])),
        ...(signal === undefined ? {} : { abort_signal: signal }),
        ...(session === undefined ? {} : { session_id: session }),
        ...(readOnly === true ? { clickhouse_settings: { readonly: '2' } } : {}),
      });
      return await result.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw toPeepholeError(error, this.#where, sql);
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
      throw toPeepholeError(error, this.#where, sql);
    }
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

  async #insert(table: string, columns: readonly string[], format: string, data: Buffer): Promise<void> {
    const query = `INSERT INTO ${table} (${columns.map(quote).join(', ')}) FORMAT ${format}`;
    try {
      const { stream } = await this.#client.exec({ query, values: Readable.from([data]) });
      stream.resume();
    } catch (error) {
      throw toPeepholeError(error, this.#where, query);
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

/** JSON has no whole numbers beyond 2^53; ClickHouse reads them from texts. */
function numbersAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
