import { fieldsSeen } from '../sql/investigate/context-queries.ts';
import type { SqlScope } from '../sql/investigate/scope.ts';
import type { RunStatement } from '../sql/run-statement.ts';

/** Which of some fields of the catalog any flow of the range has. */
export async function readFieldsSeen(
  scope: SqlScope,
  names: readonly string[],
  run: RunStatement,
): Promise<ReadonlySet<string>> {
  const stored = names.filter((name) => scope.columns.has(name));
  const [row] = stored.length === 0 ? [] : await run(fieldsSeen(scope, stored));
  return new Set(stored.filter((_, index) => Number(row?.[index]) > 0));
}
