import duckdb from '@duckdb/node-bindings';
import type { QuarantinedLine } from '../../model/record/decoded.ts';
import type { Connection } from './connection.ts';

const CHUNK = 2048;
let stages = 0;

/**
 * Keeps lines that are no records, inside the connection's transaction: through a temporary table, straight into
 * DuckDB's vectors. (Lists of values as parameters took twenty times as long, and memory without bound.)
 */
export async function insertQuarantined(
  connection: Connection,
  input: number,
  lines: readonly QuarantinedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  // Never used again: an appender that was left behind by a rollback must not find a table to write to.
  const stage = `stage_quarantine_${++stages}`;
  await connection.api.run(`CREATE TEMP TABLE ${stage} (line UBIGINT, reason VARCHAR, text VARCHAR)`);
  append(connection, stage, lines);
  await connection.api.run(`INSERT INTO quarantined_line SELECT $1, line, reason, text FROM temp.${stage}`, [
    input,
  ]);
  await connection.api.run(`DROP TABLE temp.${stage}`);
}

function append(connection: Connection, table: string, lines: readonly QuarantinedLine[]): void {
  const appender = duckdb.appender_create_ext(connection.raw, 'temp', null, table);
  try {
    const { UBIGINT, VARCHAR } = duckdb.Type;
    const types = [UBIGINT, VARCHAR, VARCHAR].map((type) => duckdb.create_logical_type(type));
    const chunk = duckdb.create_data_chunk(types);
    for (let from = 0; from < lines.length; from += CHUNK) {
      const some = lines.slice(from, from + CHUNK);
      duckdb.data_chunk_reset(chunk);
      const numbers = BigUint64Array.from(some, ({ line }) => BigInt(line));
      const vector = duckdb.data_chunk_get_vector(chunk, 0);
      duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, numbers.byteLength);
      assign(duckdb.data_chunk_get_vector(chunk, 1), some, ({ reason }) => reason);
      assign(duckdb.data_chunk_get_vector(chunk, 2), some, ({ text }) => text);
      duckdb.data_chunk_set_size(chunk, some.length);
      duckdb.append_data_chunk(appender, chunk);
    }
  } finally {
    duckdb.appender_close_sync(appender);
  }
}

/** With their lengths: a line may have NULs in it. */
function assign(
  vector: duckdb.Vector,
  lines: readonly QuarantinedLine[],
  textOf: (line: QuarantinedLine) => string,
): void {
  for (const [index, line] of lines.entries())
    duckdb.vector_assign_string_element_len(vector, index, Buffer.from(textOf(line)));
}
