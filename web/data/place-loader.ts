import type { Place, PlacesAnswer } from '../../src/model/places/places.ts';

/** How many places are kept at least; those of visible addresses always are. */
const KEPT = 5_000;

export interface PlaceSource {
  /** How many addresses one request may hold. */
  readonly most: number;
  readonly ask: (addresses: readonly string[]) => Promise<PlacesAnswer>;
  /** Runs work after everything of one render is registered. */
  readonly later: (work: () => void) => void;
  /** Whether requests are allowed now; if not, `wake` is called when that changes. */
  readonly mayAsk: () => boolean;
}

/**
 * The places of visible addresses: unknown ones are requested together, one request after the other, while they are
 * visible.
 */
export class PlaceLoader {
  readonly #source: PlaceSource;
  /** Null: nothing is known about it. In order of arrival. */
  readonly #known = new Map<string, Place | null>();
  readonly #shown = new Map<string, Set<() => void>>();
  readonly #wanted = new Set<string>();
  #waking = false;
  /** Addresses of the pending request. */
  #spec: ReadonlySet<string> | null = null;

  constructor(source: PlaceSource) {
    this.#source = source;
  }

  /** What is known about an address so far; null: nothing. Always the same object. */
  placeOf(address: string): Place | null {
    return this.#known.get(address) ?? null;
  }

  /** Registers an address as visible until the returned function is called. `changed` is called when its place arrives. */
  show(address: string, changed: () => void): () => void {
    const others = this.#shown.get(address);
    if (others === undefined) this.#shown.set(address, new Set([changed]));
    else others.add(changed);
    if (!this.#known.has(address) && this.#spec?.has(address) !== true) {
      this.#wanted.add(address);
      this.wake();
    }
    return () => {
      const left = this.#shown.get(address);
      left?.delete(changed);
      if (left?.size !== 0) return;
      this.#shown.delete(address);
      this.#wanted.delete(address);
    };
  }

  /** Requests the missing places after everything of one render is registered. */
  wake(): void {
    if (this.#wanted.size === 0 || this.#spec !== null || this.#waking) return;
    this.#waking = true;
    this.#source.later(() => {
      this.#waking = false;
      if (this.#spec === null && this.#source.mayAsk()) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const spec = [...this.#wanted].slice(0, this.#source.most);
    if (spec.length === 0) return;
    for (const address of spec) this.#wanted.delete(address);
    this.#spec = new Set(spec);
    try {
      const { places } = await this.#source.ask(spec);
      this.#keep(spec, places);
    } catch {
      // The page works without places. They are requested again when their addresses are shown again.
    } finally {
      this.#spec = null;
    }
    this.wake();
  }

  #keep(spec: readonly string[], places: PlacesAnswer['places']): void {
    for (const address of spec) this.#known.set(address, null);
    for (const { address, country, asn, as_name } of places)
      this.#known.set(address, { country, asn, as_name });
    for (const { address } of places) for (const changed of this.#shown.get(address) ?? []) changed();
    for (const address of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      if (!this.#shown.has(address)) this.#known.delete(address);
    }
  }
}
