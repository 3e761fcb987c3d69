/**
 * The facts of imports about one thing, as JSON, and the first and the last time (Unix seconds) that an import had the same.
 * The store keeps them; `enrich/` interprets them.
 */
interface StoredItem {
  readonly kind: string;
  readonly id: string;
  readonly facts: string;
  readonly first: number;
  readonly last: number;
}

/** A block of addresses that a cloud publishes as its own. */
interface PublishedRange {
  readonly prefix: string;
  readonly service: string;
  readonly region: string;
}

/** The contents of all imports. */
export interface StoredInventory {
  readonly items: readonly StoredItem[];
  readonly ranges: readonly PublishedRange[];
}

/** The contents of one import. */
export interface ImportedInventory {
  /** When, in Unix seconds. */
  readonly at: number;
  readonly items: readonly Pick<StoredItem, 'kind' | 'id' | 'facts'>[];
  /** They replace all earlier ones; null: not in this import, existing ones stay. */
  readonly ranges: readonly PublishedRange[] | null;
}

/** Reads the inventory from rows of both tables: kind, id, facts, first, last; and prefix, service, region. */
export function inventoryOfRows(
  items: readonly (readonly unknown[])[],
  ranges: readonly (readonly unknown[])[],
): StoredInventory {
  return {
    items: items.map(([kind, id, facts, first, last]) => ({
      kind: String(kind),
      id: String(id),
      facts: String(facts),
      first: Number(first),
      last: Number(last),
    })),
    ranges: ranges.map(([prefix, service, region]) => ({
      prefix: String(prefix),
      service: String(service),
      region: String(region),
    })),
  };
}
