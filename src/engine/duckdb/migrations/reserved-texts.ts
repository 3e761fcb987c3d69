import type { DuckDBConnection } from '@duckdb/node-api';
import { PeepholeError } from '../../../model/errors.ts';
import { fields } from '../../../model/catalog/fields.ts';
import { FIRST_FREE_ID, reservedTexts } from '../../../sql/dialects/duckdb/duckdb-layout.ts';

/**
 * Sees to it that a store numbers the closed vocabularies' texts as this program does. One that it lacks is added; one
 * that it has under another id, since it was logged before it had a fixed one, gets the fixed one wherever it is used.
 * Throws `store_version` where an id means another text: reading on would turn one value into another.
 */
export async function checkReservedTexts(api: DuckDBConnection, folder: string): Promise<void> {
  const rows = (
    await api.runAndReadAll(
      `SELECT id, value FROM dictionary WHERE id < ${FIRST_FREE_ID} OR value IN (${reservedTexts()
        .map(([value]) => `'${value}'`)
        .join(', ')})`,
    )
  ).getRows();
  const byId = new Map(rows.map(([id, value]) => [Number(id), String(value)]));
  const byValue = new Map(rows.map(([id, value]) => [String(value), Number(id)]));
  const expected = new Map(reservedTexts().map(([value, id]) => [id, value]));
  for (const [id, value] of byId) {
    if (id >= FIRST_FREE_ID || expected.get(id) === value) continue;
    throw new PeepholeError(
      'store_version',
      `The store in ${folder} numbers values as this Peephole does not (${id} is ${value}): it was written by another program. Open it with that.`,
    );
  }
  for (const [value, id] of reservedTexts()) {
    if (byId.has(id)) continue;
    await addReserved(api, value, id, byValue.get(value) ?? null);
  }
}

async function addReserved(
  api: DuckDBConnection,
  value: string,
  id: number,
  before: number | null,
): Promise<void> {
  await api.run('BEGIN TRANSACTION');
  try {
    if (before === null) await api.run('INSERT INTO dictionary VALUES ($1, $2, NULL, NULL)', [id, value]);
    else {
      for (const [table, column] of await textColumns(api))
        await api.run(`UPDATE ${table} SET "${column}" = ${id} WHERE "${column}" = ${before}`);
      await api.run('UPDATE dictionary SET id = $1 WHERE id = $2', [id, before]);
    }
    await api.run('COMMIT');
  } catch (error) {
    await api.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Columns that hold ids of texts. */
async function textColumns(api: DuckDBConnection): Promise<readonly (readonly [string, string])[]> {
  const names = new Set(fields.filter(({ type }) => type === 'text').map(({ name }) => name));
  const rows = await api.runAndReadAll(
    `SELECT table_name, column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND table_name <> 'dictionary'`,
  );
  return rows
    .getRows()
    .map(([table, column]) => [String(table), String(column)] as const)
    .filter(([, column]) => names.has(column));
}
