import { readInventory } from '../engine/duckdb/inventory-tables.ts';
import type { Store } from '../engine/duckdb/store.ts';
import { CloudRanges } from '../enrich/aws/cloud-ranges.ts';
import { Places } from '../enrich/geo/places.ts';
import { Inventory } from '../enrich/inventory/inventory.ts';
import type { InventoryItem } from '../enrich/inventory/item.ts';
import { portName } from '../enrich/port-names.ts';
import type { Knowledge } from '../investigate/knowledge.ts';

let places: Places | null = null;

/** What is known of addresses: from the store's inventory as it is now, and from the databases that came along. */
export async function knowledgeOf(store: Store): Promise<Knowledge> {
  const { items, ranges } = await readInventory(store);
  const inventory = new Inventory(
    items.map(({ facts, first, last }) => ({ item: JSON.parse(facts) as InventoryItem, first, last })),
  );
  const clouds = new CloudRanges(ranges);
  places ??= new Places((process.env['PEEPHOLE_MMDB'] ?? '').split(',').filter((path) => path !== ''));
  const known = places;
  return {
    ownAddress: (address, interfaceId, moment) => inventory.at(address, interfaceId, moment),
    outsideAddress: (address) => {
      const ours = inventory.at(address, null, 0);
      const cloud = clouds.of(address);
      const operator = known.operator(address);
      const service = cloud === null ? null : `AWS ${cloud.service} ${cloud.region}`;
      return {
        name: ours?.name ?? service,
        country: known.country(address),
        asn: operator?.number ?? null,
        asName: operator?.name ?? null,
      };
    },
    portName,
  };
}
