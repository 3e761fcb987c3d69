import type { SeenItem } from './item.ts';

/** The names that hosts files gave to addresses: of each the one that was imported last, whenever a flow happened. */
export class HostNames {
  readonly #names = new Map<string, string>();

  constructor(items: readonly SeenItem[]) {
    const inOrder = items.toSorted((a, b) => a.last - b.last || a.first - b.first);
    for (const { item } of inOrder) if (item.kind === 'host') this.#names.set(item.id, item.name);
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  of(address: string): string | null {
    return this.#names.get(address) ?? null;
  }

  all(): Iterable<readonly [address: string, name: string]> {
    return this.#names;
  }
}
