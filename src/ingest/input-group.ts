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

/** What one transaction holds at most: records, inputs. */
const MOST_ROWS = 2_000_000;
const LEAST_ROWS = 122_880;
const MOST_INPUTS = 2_000;
/** So many records are worth a transaction of their own. */
const WORTHWHILE_ROWS = 245_760;
/** What a record takes from when it is decoded until it is written, roughly, in bytes. */
const ROW_BYTES = 1_536;
/** Milliseconds that a decoded input waits for others at most. */
const LONGEST_WAIT = 1_500;
/** Milliseconds that a transaction waits for more at most. */
const PATIENCE = 150;

/**
 * Collects small inputs and commits many at once: a commit of its own for each of a thousand small
 * files would cost more than all the rest. Each still has its own ledger entry. A transaction begins as
 * soon as it is worth it, and takes what is added while its first rows are written. What is added while it ends waits for
 * the next one; who adds when half a transaction waits already, waits too. It ends early where others wait to write.
 */
export class InputGroup {
  readonly #store: FlowWriter;
  readonly #source: string | null;
  readonly #onCommitted: (inputs: readonly SmallInput[], duplicates: number) => void;
  readonly #onTaken: (inputs: readonly SmallInput[]) => void;
  readonly #mostRows: number;
  /** What waits to be written, and the records in it. */
  #inputs: SmallInput[] = [];
  #rows = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #finishing = false;
  #failure: { readonly error: unknown } | null = null;
  /** Told when something was added, when what waited is being written, and when a transaction has ended. */
  #wakes: (() => void)[] = [];

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

  /** Adds an input; waits while half a transaction waits to be written. Throws what a commit threw. */
  async add(input: SmallInput): Promise<void> {
    this.#inputs.push(input);
    this.#rows += recordsIn(input.part);
    this.#wake();
    if (this.#worthwhile) this.#start();
    else this.#startLater();
    while (this.#full && this.#writing !== null) await new Promise<void>((wake) => this.#wakes.push(wake));
    this.#throwFailure();
  }

  /** Commits everything and waits for it. */
  async finish(): Promise<void> {
    this.#finishing = true;
    this.#wake();
    while (this.#writing !== null || this.#inputs.length > 0) {
      this.#start();
      await this.#writing;
    }
    this.#throwFailure();
  }

  get #full(): boolean {
    return this.#rows >= this.#mostRows / 2 || this.#inputs.length >= MOST_INPUTS;
  }

  get #worthwhile(): boolean {
    return this.#rows >= WORTHWHILE_ROWS || this.#full;
  }

  /** Begins a transaction, unless one is under way: then that one takes what waits, or its end is the time. */
  #start(): void {
    if (this.#writing !== null || this.#inputs.length === 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      if (this.#worthwhile) this.#start();
      else if (this.#inputs.length > 0) this.#startLater();
      this.#wake();
    });
  }

  #startLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#start();
    }, LONGEST_WAIT);
  }

  async #write(): Promise<void> {
    const written: SmallInput[] = [];
    await this.#commit(written, async (take) => {
      let rows = 0;
      for (let inputs = this.#take(); inputs.length > 0;) {
        written.push(...inputs);
        rows += sumOf(inputs);
        await take(inputs);
        const isFull = rows >= this.#mostRows || written.length >= MOST_INPUTS;
        // More may come for minutes, a little at a time: others that write do not wait for it.
        inputs = isFull || this.#store.isAwaited ? [] : await this.#takeSoon();
      }
    });
  }

  /** Commits inputs. `give` hands them over, some at a time, and has put them into `inputs` when it ends. */
  async #commit(
    inputs: readonly SmallInput[],
    give: (take: (some: readonly SmallInput[]) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    if (this.#failure !== null) return void this.#take();
    let duplicates = 0;
    try {
      await this.#store.write(async (transaction) => {
        await give(async (some) => {
          await transaction.prepare(some.map(({ part }) => part));
          for (const { entry, part } of some) {
            const id = transaction.open();
            duplicates += (await transaction.append(id, part)).duplicates;
            transaction.close(id, entry);
          }
        });
        const objects = inputs.flatMap(({ object }) => (object === null ? [] : [object]));
        transaction.sources.saveObjects(objects);
        if (this.#source !== null)
          transaction.sources.count(this.#source, { records: sumOf(inputs), objects: objects.length });
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
      if (rest.length > 0) await this.#commit(rest, (take) => take(rest));
      return;
    }
    this.#onCommitted(inputs, duplicates);
  }

  /** All that waits. */
  #take(): readonly SmallInput[] {
    const inputs = this.#inputs;
    this.#inputs = [];
    this.#rows = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wake();
    return inputs;
  }

  /** What waits, or else what is added within a moment. */
  async #takeSoon(): Promise<readonly SmallInput[]> {
    if (this.#inputs.length === 0 && !this.#finishing) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((wake) => {
        this.#wakes.push(wake);
        timer = setTimeout(wake, PATIENCE);
      });
      clearTimeout(timer);
    }
    return this.#take();
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

function sumOf(inputs: readonly SmallInput[]): number {
  return inputs.reduce((sum, { part }) => sum + recordsIn(part), 0);
}

function recordsIn({ flows, coverage, quarantined, visits = [] }: DecodedPart): number {
  return flows.rows + coverage.rows + quarantined.length + visits.length;
}
