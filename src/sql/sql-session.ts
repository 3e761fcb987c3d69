import type { Dialect } from './dialects/dialect.ts';
import type { RunStatement } from './run-statement.ts';

/** A database that several statements are asked of, one after another: temporary tables stay between them. */
export interface SqlSession {
  readonly dialect: Dialect;
  readonly run: RunStatement;
}
