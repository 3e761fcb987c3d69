import { type ImportedInventory, type StoredInventory, inventoryOfRows } from '../stored-inventory.ts';
import type { ClickHouseServer } from './server.ts';

/** So many items are sent at once. */
const AT_ONCE = 100_000;

/** What imports said, all of it. */
export async function readInventory(server: ClickHouseServer): Promise<StoredInventory> {
  const [items, ranges] = await Promise.all([
    server.rows('SELECT kind, id, facts, first, last FROM inventory_item ORDER BY kind, id, first'),
    server.rows('SELECT prefix, service, region FROM published_range'),
  ]);
  return inventoryOfRows(items, ranges);
}

/** Adds what an import at a moment said; published ranges, if any came, take the place of all earlier ones. */
export async function addInventory(
  server: ClickHouseServer,
  { at, items, ranges }: ImportedInventory,
): Promise<void> {
  const second = Math.floor(at);
  for (let from = 0; from < items.length; from += AT_ONCE)
    await server.insert(
      'inventory_said',
      items.slice(from, from + AT_ONCE).map(({ kind, id, facts }) => ({ kind, id, facts, at: second })),
    );
  // One insert, and so seen as a whole; an empty one must be seen too.
  if (ranges !== null)
    await server.insert(
      'published_range_row',
      (ranges.length === 0 ? [{ prefix: '', service: '', region: '' }] : ranges).map((range) => ({
        import: Date.now(),
        prefix: range.prefix,
        service: range.service,
        region: range.region,
      })),
    );
}
