import type { Positions, SourceRegister, StoredIds } from '../../source-register.ts';
import type { IdsChange } from './ledger-record.ts';
import type { Judged } from './ledger-state.ts';

/**
 * The sources of a store that several processes fill: what is read here is remembered, so that a batch can say what its changes
 * were made from.
 */
export class KnownSources implements SourceRegister {
  readonly #register: SourceRegister;
  readonly #current: () => Promise<unknown>;
  readonly #judged: Pick<Judged, 'idsVersion'>;
  readonly #positions = new Map<string, Positions>();
  readonly #versions = new Map<string, number>();

  /** @param current resolves once all is in the register that was committed before */
  constructor(register: SourceRegister, current: () => Promise<unknown>, judged: Pick<Judged, 'idsVersion'>) {
    this.#register = register;
    this.#current = current;
    this.#judged = judged;
  }

  async positions(source: string): Promise<Positions> {
    await this.#current();
    const positions = await this.#register.positions(source);
    this.#positions.set(source, positions);
    return positions;
  }

  states: SourceRegister['states'] = async (objects) => {
    await this.#current();
    return this.#register.states(objects);
  };

  reasons: SourceRegister['reasons'] = async (names, which) => {
    await this.#current();
    return this.#register.reasons(names, which);
  };

  unreadable: SourceRegister['unreadable'] = () => this.#register.unreadable();

  async *ids(source: string): AsyncGenerator<StoredIds> {
    await this.#current();
    // Read before them: of what comes meanwhile some may be read, which does no harm.
    this.#versions.set(source, this.#judged.idsVersion(source));
    yield* this.#register.ids(source);
  }

  totals: SourceRegister['totals'] = () => this.#register.totals();

  /** The positions of a source as they were read last; null: they were not. */
  knownPositions(source: string): Positions | null {
    return this.#positions.get(source) ?? null;
  }

  /** Up to which version the identities of a source are known. */
  knownIdsVersion(source: string): number {
    return this.#versions.get(source) ?? this.#judged.idsVersion(source);
  }

  /** These are committed by this process. */
  saved(positions: ReadonlyMap<string, Positions>, ids: readonly IdsChange[]): void {
    for (const [source, saved] of positions)
      this.#positions.set(source, new Map([...(this.#positions.get(source) ?? []), ...saved]));
    for (const { source, version } of ids) this.#versions.set(source, version + 1);
  }

  /** What is known of a source is old. */
  forget(source: string): void {
    this.#positions.delete(source);
    this.#versions.delete(source);
  }
}
