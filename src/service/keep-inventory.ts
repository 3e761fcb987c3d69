import type { FlowStore } from '../engine/flow-store.ts';
import type { CloudRange, InventoryItem } from '../enrich/inventory/item.ts';

export interface InventoryRequest {
  /** When the inventory was taken, ISO 8601; null: now. */
  readonly at: string | null;
  readonly items: readonly InventoryItem[];
  /** Null: not in this import; existing ones stay. */
  readonly ranges: readonly CloudRange[] | null;
}

export interface InventoryReport {
  readonly interfaces: number;
  readonly instances: number;
  readonly addresses: number;
  readonly ranges: number;
  /** Addresses that a hosts file names. */
  readonly hosts: number;
}

/** Stores an imported inventory. */
export async function keepInventory(
  store: FlowStore,
  { at, items, ranges }: InventoryRequest,
): Promise<InventoryReport> {
  const moment = (at === null ? Date.now() : Date.parse(at)) / 1000;
  await store.addInventory({
    at: moment,
    items: items.map((item) => ({ kind: item.kind, id: item.id, facts: JSON.stringify(item) })),
    ranges,
  });
  const count = (kind: InventoryItem['kind']): number => items.filter((item) => item.kind === kind).length;
  return {
    interfaces: count('interface'),
    instances: count('instance'),
    addresses: count('elastic'),
    ranges: ranges?.length ?? 0,
    hosts: count('host'),
  };
}
