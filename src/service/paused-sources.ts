import type { FlowWriter } from '../engine/flow-writer.ts';

/** A key that no source has: names of sources begin with their kind and a colon. */
const KEPT_UNDER = 'paused sources';
const PAUSED = 'paused';

/** Paused sources: kept in the store, so that a restart does not resume them. */
export class PausedSources {
  readonly #store: FlowWriter;
  #ids: Promise<Set<string>> | null = null;

  constructor(store: FlowWriter) {
    this.#store = store;
  }

  /** Their ids. */
  async ids(): Promise<ReadonlySet<string>> {
    return this.#load();
  }

  /** Stores whether a source is paused; resolves once it is durable. */
  async set(id: string, paused: boolean): Promise<void> {
    const ids = await this.#load();
    if (ids.has(id) === paused) return;
    await this.#store.write(async ({ sources }) =>
      sources.savePositions(KEPT_UNDER, new Map([[id, paused ? PAUSED : '']])),
    );
    if (paused) ids.add(id);
    else ids.delete(id);
  }

  #load(): Promise<Set<string>> {
    if (this.#ids === null) {
      const ids = this.#store.sources
        .positions(KEPT_UNDER)
        .then((kept) => new Set([...kept].flatMap(([id, state]) => (state === PAUSED ? [id] : []))));
      ids.catch(() => (this.#ids = null));
      this.#ids = ids;
    }
    return this.#ids;
  }
}
