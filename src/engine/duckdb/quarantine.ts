import { listValue } from '@duckdb/node-api';
import type { QuarantinedLine } from '../../model/record/decoded-part.ts';
import { appendRows } from './append-rows.ts';
import type { Connection } from './connection.ts';

let stages = 0;

/** Keeps lines that are no records, inside the connection's transaction. */
export async function insertQuarantined(
  connection: Connection,
  input: number,
  lines: readonly QuarantinedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  // Never used again: an appender that was left behind by a rollback must not find a table to write to.
  const stage = `stage_quarantine_${++stages}`;
  await connection.api.run(
    `CREATE TEMP TABLE ${stage} (line UBIGINT, reason VARCHAR, text VARCHAR, item VARCHAR)`,
  );
  appendRows(connection, 'temp', stage, [
    { type: 'UBIGINT', values: lines.map(({ line }) => BigInt(line)) },
    { type: 'VARCHAR', values: lines.map(({ reason }) => reason) },
    { type: 'VARCHAR', values: lines.map(({ text }) => text) },
    { type: 'VARCHAR', values: lines.map(({ item }) => item ?? '') },
  ]);
  await connection.api.run(
    `INSERT INTO quarantined_line SELECT $1, line, reason, text, nullif(item, '') FROM temp.${stage}`,
    [input],
  );
  await connection.api.run(`DROP TABLE temp.${stage}`);
}

/** Forgets the lines of all inputs of a name, inside the connection's transaction: another state of it takes their place. */
export async function forgetQuarantined({ api }: Connection, name: string): Promise<void> {
  await api.run('DELETE FROM quarantined_line WHERE input IN (SELECT id FROM input WHERE name = $1)', [name]);
}

/** Whether an object of a name could not be read, and has not come in since. */
export async function isUnreadable({ api }: Connection, name: string): Promise<boolean> {
  const reader = await api.runAndReadAll(
    'SELECT 1 FROM quarantined_line WHERE item = $1 AND line = 0 LIMIT 1',
    [name],
  );
  return reader.currentRowCount > 0;
}

/** Forgets why objects could not be read that have come in since, inside the connection's transaction. */
export async function forgetUnreadable({ api }: Connection, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await api.run('DELETE FROM quarantined_line WHERE item IN (SELECT unnest($1::VARCHAR[])) AND line = 0', [
    listValue(names),
  ]);
}
