import { PeepholeError } from '../../model/errors.ts';
import type { Connection } from './connection.ts';
import { SqlWalk, type CheckedSql } from './sql-walk.ts';

/**
 * Checks that a text is one SELECT over the views (and its own common tables), by DuckDB's own parser: a list of
 * what is allowed, not of what is forbidden. Throws `bad_sql` that says what is not.
 */
export async function checkSql(connection: Connection, sql: string): Promise<CheckedSql> {
  const reader = await connection.api.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const parsed = JSON.parse(String(reader.getRows()[0]?.[0])) as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: readonly { readonly node: unknown }[];
  };
  const refuse = (message: string): never => {
    throw new PeepholeError('bad_sql', message, { sql });
  };
  if (parsed.error) {
    refuse(
      parsed.error_type === 'not implemented'
        ? notSelect(sql)
        : `The SQL can't be read: ${parsed.error_message ?? 'syntax error'}`,
    );
  }
  const [statement, ...more] = parsed.statements ?? [];
  if (statement === undefined) refuse('There is no statement: ask, for instance, SELECT count(*) FROM flows');
  if (more.length > 0) refuse('One statement at a time, please.');
  const walk = new SqlWalk(refuse);
  walk.statement(statement?.node);
  return walk.checked();
}

function notSelect(sql: string): string {
  return /\bpivot\b/i.test(sql)
    ? "PIVOT must say which values become columns, as in PIVOT flows ON action IN ('ACCEPT', 'REJECT') USING count(*)."
    : 'Only SELECT is allowed: this store is read, not written, through SQL.';
}
