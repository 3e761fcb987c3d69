import { LIST, VARCHAR, listValue } from '@duckdb/node-api';
import { type ImportedInventory, type StoredInventory, inventoryOfRows } from '../stored-inventory.ts';
import type { Store } from './store.ts';

/** Names of the tables, for whoever copies a store. */
const inventoryTables = ['inventory_item', 'published_range'] as const;

/** The tables come with the first import, so that stores of earlier builds get them too. */
const create: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS inventory_item (
    kind VARCHAR NOT NULL, id VARCHAR NOT NULL, facts VARCHAR NOT NULL, first UINTEGER NOT NULL, last UINTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS published_range (prefix VARCHAR NOT NULL, service VARCHAR NOT NULL, region VARCHAR NOT NULL)`,
];

/** The statements that give a database those of the tables that another one has, with their rows. */
export async function copyInventory(
  run: (sql: string) => Promise<unknown>,
  tables: ReadonlySet<string>,
  old: string,
): Promise<void> {
  if (!inventoryTables.some((name) => tables.has(name))) return;
  for (const statement of create) await run(statement);
  for (const name of inventoryTables) await run(`INSERT INTO ${name} SELECT * FROM ${old}.${name}`);
}

/** What is in the tables; empty before the first import. */
export async function readInventory(store: Store): Promise<StoredInventory> {
  const tables = await store.database.rows(
    "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'inventory_item' AND NOT temporary AND database_name = current_database()",
  );
  if (Number(tables[0]?.[0]) === 0) return { items: [], ranges: [] };
  const [items, ranges] = await Promise.all([
    store.database.rows('SELECT kind, id, facts, first, last FROM inventory_item ORDER BY kind, id, first'),
    store.database.rows('SELECT prefix, service, region FROM published_range'),
  ]);
  return inventoryOfRows(items, ranges);
}

/**
 * Adds what an import at a moment said: the same facts again stretch the time for which they are known, other facts
 * are another version. Published ranges, if any came, take the place of all earlier ones. All in one transaction.
 */
export async function addInventory(store: Store, { at, items, ranges }: ImportedInventory): Promise<void> {
  const second = `${Math.floor(at)}::UINTEGER`;
  const texts = [LIST(VARCHAR), LIST(VARCHAR), LIST(VARCHAR)];
  await store.write(async (transaction) => {
    transaction.changesInventory = true;
    for (const statement of create) await transaction.run(statement);
    for (let from = 0; from < items.length; from += 10_000) {
      const slice = items.slice(from, from + 10_000);
      const columns = [
        slice.map(({ kind }) => kind),
        slice.map(({ id }) => id),
        slice.map(({ facts }) => facts),
      ];
      await transaction.run(
        'CREATE OR REPLACE TEMP TABLE said AS SELECT DISTINCT unnest($1) AS kind, unnest($2) AS id, unnest($3) AS facts',
        columns.map((column) => listValue(column)),
        texts,
      );
      await transaction.run(
        `UPDATE inventory_item i SET first = least(first, ${second}), last = greatest(last, ${second})
         FROM said s WHERE s.kind = i.kind AND s.id = i.id AND s.facts = i.facts`,
      );
      await transaction.run(
        `INSERT INTO inventory_item SELECT kind, id, facts, ${second}, ${second} FROM said s
         WHERE NOT EXISTS (SELECT 1 FROM inventory_item i WHERE i.kind = s.kind AND i.id = s.id AND i.facts = s.facts)`,
      );
      await transaction.run('DROP TABLE said');
    }
    if (ranges === null) return;
    await transaction.run('DELETE FROM published_range');
    await transaction.run(
      'INSERT INTO published_range SELECT unnest($1), unnest($2), unnest($3)',
      [
        listValue(ranges.map(({ prefix }) => prefix)),
        listValue(ranges.map(({ service }) => service)),
        listValue(ranges.map(({ region }) => region)),
      ],
      texts,
    );
  });
}
