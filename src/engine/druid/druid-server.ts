import { randomUUID } from 'node:crypto';
import { abortReason, PeepholeError, throwIfAborted } from '../../model/errors.ts';
import type { RunOptions } from '../engine.ts';
import type { ServerAddress } from '../store-driver.ts';
import { refusal, unreachable, wasClosed } from './druid-errors.ts';
import { type Row, readLines } from './read-lines.ts';

const DEFAULT_DATASOURCE = 'peephole';
/** What the name of a store's rollup has after that of its flows. */
const ROLLUP = '_hour';
/** Milliseconds after which Druid gives a query up, whoever waits for it. */
const GIVE_UP = 600_000;

/** Where a task is. */
export type TaskState = 'none' | 'running' | 'done' | { readonly failed: string };

/**
 * A cluster of Druid, at the address of its router, and the data sources that a store has there. Errors are
 * PeepholeErrors: `engine_unreachable`, `engine_refused`, `engine_failed`, `timeout`.
 */
export class DruidServer {
  /** Has the flows, one by one. */
  readonly datasource: string;
  /** Has them added up by the hour, if the store has that (`hasRollup`). */
  readonly rollupName: string;
  /** Whether the rollup has all flows of the store from the first one on: its ledger says so (`rollup-mark.ts`). */
  hasRollup = false;
  /** Why the last question that was for the rollup was answered from the flows instead; null: the rollup answered it. */
  rollupFailure: string | null = null;
  readonly where: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** Throws `usage` for what can't be the name of a data source. */
  constructor({ url, username, password }: ServerAddress) {
    const parsed = new URL(url);
    this.datasource = decodeURIComponent(parsed.pathname.replace(/^\//, '')) || DEFAULT_DATASOURCE;
    if (!/^[A-Za-z0-9_.-]+$/.test(this.datasource))
      throw new PeepholeError(
        'usage',
        `${this.datasource} can't be the name of a data source in Druid: use letters, digits, "_", "-" and ".".`,
      );
    this.rollupName = `${this.datasource}${ROLLUP}`;
    this.where = parsed.origin;
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    this.#headers = password === '' ? {} : { authorization: `Basic ${login}` };
  }

  /** The data source with the rollup; null: the store has none. */
  get rollup(): string | null {
    return this.hasRollup ? this.rollupName : null;
  }

  /** All data sources that have the store's flows: each row that is sent goes to each of them. */
  get datasources(): readonly string[] {
    return [this.datasource, ...(this.hasRollup ? [this.rollupName] : [])];
  }

  /** All rows of a statement. @param texts what its `?` stand for */
  async rows(sql: string, texts: readonly string[] = [], options: RunOptions = {}): Promise<readonly Row[]> {
    const all: Row[] = [];
    for await (const some of this.pieces(sql, texts, options)) all.push(...some);
    return all;
  }

  /**
   * The rows of a statement, some thousand at a time. An answer is whole, or this throws: Druid ends its lines with an
   * empty one, which an answer that was cut off has not. If the signal is aborted, the query is cancelled in Druid.
   */
  async *pieces(
    sql: string,
    texts: readonly string[] = [],
    { signal }: RunOptions = {},
  ): AsyncGenerator<readonly Row[]> {
    throwIfAborted(signal);
    const id = `peephole-${randomUUID()}`;
    const stop = (): void => void this.#cancel(id);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const response = await this.#ask({
        method: 'POST',
        body: JSON.stringify({
          query: sql,
          resultFormat: 'arrayLines',
          parameters: texts.map((value) => ({ type: 'VARCHAR', value })),
          context: {
            sqlQueryId: id,
            timeout: GIVE_UP,
            sqlTimeZone: 'Etc/UTC',
            useApproximateCountDistinct: false,
            useApproximateTopN: false,
          },
        }),
        ...(signal === undefined ? {} : { signal }),
      });
      if (!response.ok) throw refusal(response.status, await response.text(), this.where, sql);
      yield* readLines(response, this.where);
    } catch (error) {
      if (signal?.aborted === true) throw abortReason(signal);
      throw error instanceof PeepholeError ? error : unreachable(error, this.where);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** What a path of Druid's interface answers, from JSON; null: there is no such thing. */
  async get(path: string): Promise<unknown> {
    const response = await this.#send(path, {});
    const text = await response.text();
    if (response.status === 404) return null;
    if (!response.ok) throw refusal(response.status, text, this.where);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  /** Sends JSON to a path. @returns the text that it answers */
  async post(path: string, body: string): Promise<string> {
    const response = await this.#send(path, { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text, this.where);
    return text;
  }

  /** Begins a task, unless one of its id was begun before. @param spec with an `id` of its own */
  async beginTask(id: string, spec: string): Promise<void> {
    const response = await this.#send('/druid/indexer/v1/task', { method: 'POST', body: spec });
    const text = await response.text();
    if (response.ok || (await this.taskState(id)) !== 'none') return;
    throw refusal(response.status, text, this.where);
  }

  async taskState(id: string): Promise<TaskState> {
    const answer = (await this.get(`/druid/indexer/v1/task/${encodeURIComponent(id)}/status`)) as {
      readonly status?: { readonly statusCode?: string; readonly errorMsg?: string | null } | null;
    } | null;
    const status = answer?.status ?? null;
    if (status === null) return 'none';
    switch (status.statusCode) {
      case 'SUCCESS':
        return 'done';
      case 'FAILED':
        return { failed: status.errorMsg ?? 'no reason given' };
      default:
        return 'running';
    }
  }

  /** Sends a question, which changes nothing; once more where the connection was an old one that the server had closed. */
  async #ask(init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch('/druid/v2/sql', init);
    } catch (error) {
      if (init.signal?.aborted === true || !wasClosed(error)) throw error;
      return this.#fetch('/druid/v2/sql', init);
    }
  }

  async #cancel(id: string): Promise<void> {
    await this.#fetch(`/druid/v2/sql/${id}`, { method: 'DELETE' }).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(path, init);
    } catch (error) {
      throw unreachable(error, this.where);
    }
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.where}${path}`, {
      ...init,
      headers: { ...this.#headers, 'content-type': 'application/json' },
    });
  }
}
