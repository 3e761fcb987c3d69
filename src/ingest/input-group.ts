import type { FlowWriter } from '../engine/flow-writer.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import { InputsTaken, type LedgerEntry } from '../engine/input-register.ts';
import type { SourceObject } from '../engine/source-register.ts';

/** An input that was decoded as a whole. */
export interface SmallInput {
  readonly entry: LedgerEntry;
  readonly part: DecodedPart;
  /** Bytes of the file that is done with once this is in; null for a file in an archive. */
  readonly fileBytes: number | null;
  /** The object at a source that is done with once this is in; null: it is none, or not all of one. */
  readonly object: SourceObject | null;
}

const MOST_ROWS = 1_000_000;
const LEAST_ROWS = 122_880;
/** So many rows are worth a commit of their own, while nothing else is being written. */
const WORTHWHILE_ROWS = 245_760;
/** What a row takes from when it is decoded until it is written, roughly. */
const ROW_BYTES = 2_048;
const MOST_INPUTS = 2_000;
/** Milliseconds that a decoded input waits for others at most. */
const LONGEST_WAIT = 1_500;

/**
 * Collects small inputs and commits many at once: a commit of its own for each of a thousand small
 * files would cost more than all the rest. Each still has its own ledger entry. A group is written as
 * soon as it is worth it; meanwhile the next one fills, and no more: who adds to a full one waits.
 */
export class InputGroup {
  readonly #store: FlowWriter;
  readonly #source: string | null;
  readonly #onCommitted: (inputs: readonly SmallInput[], duplicates: number) => void;
  readonly #onTaken: (inputs: readonly SmallInput[]) => void;
  readonly #mostRows: number;
  #inputs: SmallInput[] = [];
  #rows = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param source what the inputs are counted under; null: nothing
   * @param onTaken called with inputs that another process has ingested meanwhile
   */
  constructor(
    store: FlowWriter,
    source: string | null,
    onCommitted: (inputs: readonly SmallInput[], duplicates: number) => void,
    onTaken: (inputs: readonly SmallInput[]) => void,
  ) {
    this.#store = store;
    this.#source = source;
    this.#onCommitted = onCommitted;
    this.#onTaken = onTaken;
    this.#mostRows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, store.budget.memoryBytes / ROW_BYTES));
  }

  /** Adds an input; waits while its group is full and the one before it is still being written. Throws what a commit threw. */
  async add(input: SmallInput): Promise<void> {
    this.#inputs.push(input);
    this.#rows += recordsIn(input.part);
    if (this.#worthwhile) {
      this.#start();
      while (this.#full && this.#writing !== null) await this.#writing;
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#start();
      }, LONGEST_WAIT);
    }
    this.#throwFailure();
  }

  /** Commits everything and waits for it. */
  async finish(): Promise<void> {
    while (this.#writing !== null || this.#inputs.length > 0) {
      this.#start();
      await this.#writing;
    }
    this.#throwFailure();
  }

  get #full(): boolean {
    return this.#rows >= this.#mostRows || this.#inputs.length >= MOST_INPUTS;
  }

  get #worthwhile(): boolean {
    return this.#rows >= WORTHWHILE_ROWS || this.#full;
  }

  /** Begins to write what was added, unless a group is being written: then that one's end is the time. */
  #start(): void {
    if (this.#writing !== null || this.#inputs.length === 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const inputs = this.#inputs;
    this.#inputs = [];
    this.#rows = 0;
    this.#writing = this.#write(inputs).finally(() => {
      this.#writing = null;
      if (this.#worthwhile) this.#start();
    });
  }

  async #write(inputs: readonly SmallInput[]): Promise<void> {
    if (this.#failure !== null) return;
    let duplicates = 0;
    try {
      await this.#store.write(async (transaction) => {
        await transaction.prepare(inputs.map(({ part }) => part));
        for (const { entry, part } of inputs) {
          const id = transaction.open();
          duplicates += (await transaction.append(id, part)).duplicates;
          transaction.close(id, entry);
        }
        const objects = inputs.flatMap(({ object }) => (object === null ? [] : [object]));
        transaction.sources.saveObjects(objects);
        if (this.#source !== null) {
          const records = inputs.reduce((sum, { part }) => sum + recordsIn(part), 0);
          transaction.sources.count(this.#source, { records, objects: objects.length });
        }
      });
    } catch (error) {
      if (!(error instanceof InputsTaken)) {
        this.#failure = { error };
        return;
      }
      const taken = new Set(error.hashes);
      const rest = inputs.filter(({ entry }) => !taken.has(entry.sha256));
      if (rest.length === inputs.length) this.#failure = { error };
      this.#onTaken(inputs.filter(({ entry }) => taken.has(entry.sha256)));
      if (rest.length > 0) await this.#write(rest);
      return;
    }
    this.#onCommitted(inputs, duplicates);
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

function recordsIn({ flows, coverage, quarantined, visits = [] }: DecodedPart): number {
  return flows.rows + coverage.rows + quarantined.length + visits.length;
}
