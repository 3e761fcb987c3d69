import type { RunOptions } from '../engine.ts';
import { runStatement } from './database.ts';
import type { Store } from './store.ts';

/**
 * Lends a way to run statements made in `sql/`, one after another on one connection, which keeps its temporary
 * tables between them; `work` takes them away again.
 */
export function session<T>(
  store: Store,
  work: (run: (sql: string) => Promise<readonly (readonly unknown[])[]>) => Promise<T>,
  options: RunOptions = {},
): Promise<T> {
  return store.database.withConnection((connection) =>
    work(async (sql) => (await runStatement(connection, sql, [], options)).getRows()),
  );
}
