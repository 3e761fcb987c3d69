import type { DuckDBDataChunk, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { PeepholeError, abortReason, throwIfAborted } from '../../model/errors.ts';
import type { RunOptions } from '../engine.ts';
import { type CellRules, chunkRows, plainCells } from './chunk-rows.ts';
import type { Connection } from './connection.ts';
import { fromDuckDb } from './duckdb-errors.ts';
import { CutShort, StreamedChunks, whyCutShort } from './streamed-chunks.ts';

/** Milliseconds after which work on rows lets others have the thread. */
const SLICE = 10;

/** Values that the rows of one statement of ours may have: more is refused, since they are held in memory as a whole. */
const MOST_VALUES = 4_000_000;

type Failure = 'engine_failed' | 'bad_sql';

/** A statement that runs: its rows come as they are worked out. */
export interface RunningStatement {
  readonly result: DuckDBResult;
  /** The rows, a chunk of DuckDB's at a time. */
  readonly chunks: (rules: CellRules) => AsyncGenerator<unknown[][]>;
}

/**
 * Starts a statement whose rows are read as DuckDB works them out: it holds back about a megabyte of them and waits.
 * Aborting the signal interrupts DuckDB. The connection is the statement's until the rows are read or given up; where it
 * fails while they are read, its transaction is rolled back.
 */
export async function startStatement(
  connection: Connection,
  sql: string,
  params: readonly DuckDBValue[],
  options: RunOptions,
  failure: Failure = 'engine_failed',
): Promise<RunningStatement> {
  const interruptible = <T>(work: () => Promise<T>): Promise<T> =>
    interrupting(connection, options, sql, failure, work);
  const result = await interruptible(() => startStreaming(connection, sql, params));
  const streamed = new StreamedChunks(result);
  const next = async (): Promise<DuckDBDataChunk | null> => {
    try {
      return await streamed.next();
    } catch (error) {
      if (!(error instanceof CutShort) || options.signal?.aborted === true) throw error;
      throw await whyCutShort(connection.api, sql, params.map(bindable), error);
    }
  };
  async function* chunks(rules: CellRules): AsyncGenerator<unknown[][]> {
    let since = performance.now();
    for (;;) {
      const chunk = await interruptible(next);
      if (chunk === null) return;
      yield chunkRows(chunk, rules);
      if (performance.now() - since > SLICE) await pause();
      since = performance.now();
    }
  }
  return { result, chunks };
}

/**
 * Runs a statement to its end and hands over its rows as they come. Throws `too_large` for more than can be held; what
 * stopped it if the signal is aborted.
 *
 * @param most how many rows can be held; absent: as many as have `MOST_VALUES`
 */
export async function readStatement(
  connection: Connection,
  sql: string,
  params: readonly DuckDBValue[],
  options: RunOptions,
  take: (rows: readonly DuckDBValue[][]) => void,
  most?: number,
  rules: CellRules = plainCells,
): Promise<void> {
  const { result, chunks } = await startStatement(connection, sql, params, options);
  const mostRows = most ?? Math.floor(MOST_VALUES / Math.max(1, result.columnCount));
  let count = 0;
  for await (const rows of chunks(rules)) {
    count += rows.length;
    if (count > mostRows) {
      throw new PeepholeError(
        'too_large',
        `The answer has more than ${mostRows.toLocaleString('en-US')} rows. Lower the limits of its splits, or narrow it by a filter.`,
        { sql },
      );
    }
    take(rows as DuckDBValue[][]);
  }
}

/** As `readStatement`, with all rows at once. */
export async function runStatement(
  connection: Connection,
  sql: string,
  params: readonly DuckDBValue[],
  options: RunOptions,
  rules: CellRules = plainCells,
): Promise<DuckDBValue[][]> {
  const all: DuckDBValue[][] = [];
  const take = (rows: readonly DuckDBValue[][]): void => {
    for (const row of rows) all.push(row);
  };
  await readStatement(connection, sql, params, options, take, undefined, rules);
  return all;
}

/** As the client's `stream`, which parses the text once more, since it may be several statements. */
async function startStreaming(
  { api }: Connection,
  sql: string,
  params: readonly DuckDBValue[],
): Promise<DuckDBResult> {
  const prepared = await api.prepare(sql);
  try {
    if (params.length > 0) prepared.bind(params.map(bindable));
    return await prepared.stream();
  } finally {
    prepared.destroySync();
  }
}

async function interrupting<T>(
  connection: Connection,
  { signal }: RunOptions,
  sql: string,
  failure: Failure,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  let again: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.api.interrupt();
    // DuckDB forgets an interruption of what has not begun yet, as when all threads are at work.
    again = setInterval(() => connection.api.interrupt(), 50);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } catch (error) {
    throw signal?.aborted === true ? abortReason(signal) : fromDuckDb(error, failure, sql);
  } finally {
    clearInterval(again);
    signal?.removeEventListener('abort', interrupt);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The client binds whole numbers as BIGINT, however large; what is larger goes as a text, which statements cast to its type. */
function bindable(value: DuckDBValue): DuckDBValue {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= 2 ** 63
    ? String(value)
    : value;
}
