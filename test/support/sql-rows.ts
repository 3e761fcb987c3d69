import type { SqlResult, SqlRows } from '../../src/engine/engine.ts';

/** All rows of a result. */
export async function sqlRows({ batches }: SqlResult): Promise<SqlRows> {
  const rows: (readonly unknown[])[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}
