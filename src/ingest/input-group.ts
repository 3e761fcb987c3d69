import type { Store } from '../engine/duckdb/store.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import type { LedgerEntry } from '../engine/duckdb/ledger.ts';

/** An input that was decoded as a whole. */
export interface SmallInput {
  readonly entry: LedgerEntry;
  readonly part: DecodedPart;
}

const MOST_ROWS = 1_000_000;
const MOST_INPUTS = 2_000;
/** Milliseconds that a decoded input waits for others at most. */
const LONGEST_WAIT = 1_500;

/**
 * Collects small inputs and commits many at once: a commit of its own for each of a thousand small
 * files would cost more than all the rest. Each still has its own ledger entry.
 */
export class InputGroup {
  readonly #store: Store;
  readonly #onCommitted: (inputs: readonly SmallInput[]) => void;
  #inputs: SmallInput[] = [];
  #rows = 0;
  #timer: NodeJS.Timeout | null = null;
  #commit: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(store: Store, onCommitted: (inputs: readonly SmallInput[]) => void) {
    this.#store = store;
    this.#onCommitted = onCommitted;
  }

  /** Adds an input; waits while a full group is still being committed. Throws what a commit threw. */
  async add(input: SmallInput): Promise<void> {
    this.#inputs.push(input);
    this.#rows += input.part.flows.rows + input.part.coverage.rows + input.part.quarantined.length;
    if (this.#rows >= MOST_ROWS || this.#inputs.length >= MOST_INPUTS) await this.flush();
    else this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), LONGEST_WAIT);
    this.#throwFailure();
  }

  /** Commits what was added so far, after the commit under way. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const before = this.#commit;
    const inputs = this.#inputs;
    if (inputs.length > 0) {
      this.#inputs = [];
      this.#rows = 0;
      this.#commit = before.then(() => this.#write(inputs));
      this.#commit.catch(() => undefined);
    }
    // Awaiting only the commit before this one lets decoding go on while this one is written.
    await before;
    this.#throwFailure();
  }

  /** Commits everything and waits for it. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#commit;
    this.#throwFailure();
  }

  async #write(inputs: readonly SmallInput[]): Promise<void> {
    if (this.#failure !== null) return;
    try {
      await this.#store.write(async (transaction) => {
        await transaction.prepare(inputs.map(({ part }) => part));
        for (const { entry, part } of inputs) {
          const id = transaction.open();
          await transaction.append(id, part);
          transaction.close(id, entry);
        }
      });
    } catch (error) {
      this.#failure = { error };
      return;
    }
    this.#onCommitted(inputs);
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
