import { LIST, UBIGINT, UINTEGER, VARCHAR, listValue } from '@duckdb/node-api';
import type { QuarantinedLine } from '../../model/record/decoded.ts';
import type { Connection } from './connection.ts';

/** Keeps lines that are no records, inside the connection's transaction. */
export async function insertQuarantined(
  connection: Connection,
  input: number,
  lines: readonly QuarantinedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await connection.api.run(
    'INSERT INTO quarantined_line SELECT $1, unnest($2), unnest($3), unnest($4)',
    [
      input,
      listValue(lines.map(({ line }) => BigInt(line))),
      listValue(lines.map(({ reason }) => reason)),
      listValue(lines.map(({ text }) => text)),
    ],
    [UINTEGER, LIST(UBIGINT), LIST(VARCHAR), LIST(VARCHAR)],
  );
}
