import type { RunOptions } from '../engine.ts';
import { runStatement } from './statement.ts';
import type { Store } from './store.ts';

/** Runs one statement with its parameters, and gives its rows. */
export type RunStatement = (
  sql: string,
  params?: readonly (string | number | bigint)[],
) => Promise<readonly (readonly unknown[])[]>;

/**
 * Lends a way to run statements made in `sql/`, one after another on one connection, which keeps its temporary
 * tables between them; `work` takes them away again.
 */
export function session<T>(
  store: Store,
  work: (run: RunStatement) => Promise<T>,
  options: RunOptions = {},
): Promise<T> {
  return store.database.withConnection((connection) =>
    work((sql, params = []) => runStatement(connection, sql, params, options)),
  );
}
