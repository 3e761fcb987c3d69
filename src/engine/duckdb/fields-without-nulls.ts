import { fieldNamed } from '../../model/catalog/fields.ts';
import { hourRollup } from '../../sql/plan/usual-rollups.ts';
import type { Columns } from './columns.ts';
import type { Database } from './database.ts';
import { keeps } from './rollups.ts';

/**
 * The fields that every flow and every sum of flows has, as far as DuckDB's statistics of columns tell; they know of no
 * null only where there is none. The other rollups are made of the same flows.
 */
export async function fieldsWithoutNulls(
  database: Database,
  { flow }: Columns,
): Promise<ReadonlySet<string>> {
  const names = [...flow].filter((name) => fieldNamed(name) !== undefined && name !== 'end');
  const kept = names.filter((name) => keeps(hourRollup, name));
  const nullable = new Set<string>();
  for (const [table, columns] of [
    ['flow', names],
    [hourRollup.table, kept],
  ] as const) {
    if (columns.length === 0) continue;
    const items = columns.map((name) => `stats("${name}")`).join(', ');
    const [row] = await database.rows(`SELECT ${items} FROM ${table} LIMIT 1`);
    columns.forEach((name, i) => {
      if (!String(row?.[i]).includes('[Has Null: false,')) nullable.add(name);
    });
  }
  return new Set(names.filter((name) => !nullable.has(name)));
}
