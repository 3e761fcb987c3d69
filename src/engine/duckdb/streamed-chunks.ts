import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBValue } from '@duckdb/node-api';

/** A statement that ended before its last row, by an error or an interruption. DuckDB's client does not say which. */
export class CutShort extends Error {
  constructor() {
    super('The database stopped before the last row.');
    this.name = 'CutShort';
  }
}

/** The rows of a statement that runs, a chunk of DuckDB's at a time. */
export class StreamedChunks {
  readonly #result: DuckDBResult;
  readonly #streams: boolean;

  constructor(result: DuckDBResult) {
    this.#result = result;
    this.#streams = result.isStreaming;
  }

  /**
   * The next one, which has rows; null after the last one. Throws `CutShort` where rows are missing: DuckDB's client gives
   * null for that too (`duckdb_fetch_chunk`), but of a result that failed it says no longer that it streams.
   */
  async next(): Promise<DuckDBDataChunk | null> {
    const chunk = await this.#result.fetchChunk();
    if (chunk !== null && chunk.rowCount > 0) return chunk;
    if (this.#streams && !this.#result.isStreaming) throw new CutShort();
    return null;
  }
}

const AGAIN = 'EXPLAIN ANALYZE\n';

/**
 * Why a statement was cut short: DuckDB's error where it fails once more, else what is known. It runs to its end for that,
 * and its rows go nowhere. Ends the connection's transaction, which failed with the statement.
 */
export async function whyCutShort(
  api: DuckDBConnection,
  sql: string,
  params: readonly DuckDBValue[],
  known: CutShort,
): Promise<unknown> {
  await api.run('ROLLBACK').catch(() => undefined);
  try {
    await api.run(AGAIN + sql, [...params]);
    return known;
  } catch (error) {
    return error instanceof Error ? Object.assign(error, { message: asOfStatement(error.message) }) : error;
  }
}

/** An error's message that counts the lines of the statement alone. */
function asOfStatement(message: string): string {
  return message.replace(/^LINE (\d+): /m, (all, line: string) =>
    `LINE ${Number(line) - 1}: `.padEnd(all.length),
  );
}
