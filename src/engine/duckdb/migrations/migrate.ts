import type { DuckDBConnection } from '@duckdb/node-api';
import { migrations, type Migration } from './migrations.ts';

/**
 * Brings a store up to the newest version, one step after the other. Each is a transaction: killed at any moment, the
 * store has the version before a step or the one after it, and the next opening goes on from there.
 */
export async function migrate(
  api: DuckDBConnection,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const [row] = (await api.runAndReadAll('SELECT version FROM store')).getRows();
  const version = Number(row?.[0]);
  for (const step of steps.filter((one) => one.version > version)) {
    await api.run('BEGIN TRANSACTION');
    try {
      await step.run(api);
      await api.run('UPDATE store SET version = $1', [step.version]);
      await api.run('COMMIT');
    } catch (error) {
      await api.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
