/**
 * What an import said of something, as JSON, from the first to the last time (Unix seconds) that one said the same.
 * The store keeps it; `enrich/` knows what it means.
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

/** What imports said, all of it. */
export interface StoredInventory {
  readonly items: readonly StoredItem[];
  readonly ranges: readonly PublishedRange[];
}

/** What one import said. */
export interface ImportedInventory {
  /** When, in Unix seconds. */
  readonly at: number;
  readonly items: readonly Pick<StoredItem, 'kind' | 'id' | 'facts'>[];
  /** They take the place of all earlier ones; null: none came, those there are stay. */
  readonly ranges: readonly PublishedRange[] | null;
}
