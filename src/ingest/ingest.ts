import { availableParallelism } from 'node:os';
import type { Store } from '../engine/duckdb/store.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Found, InputFile } from '../sources/files.ts';
import { DecodePool, type DecodedInput, type DecodeThread } from './decode-pool.ts';
import { InputGroup, type SmallInput } from './input-group.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import type { IngestProgress, IngestReport } from './report.ts';

export interface IngestOptions {
  /** The `--format` of text without a header; null: the default formats. */
  readonly format: string | null;
  /** Decoding threads at most; default: one a core, eight at most. */
  readonly threads?: number;
  readonly onProgress?: (progress: IngestProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Takes files into the store: each exactly once, known by its content; each wholly or not at all.
 * A file that can't be read fails alone and the others go on; what stops the store itself (a full
 * disk) throws. Aborting keeps what was committed.
 */
export async function ingest(store: Store, found: Found, options: IngestOptions): Promise<IngestReport> {
  const run = new IngestRun(store, found, options);
  return run.run();
}

/** Parts that all decoding threads together may be ahead of what is written: about as many as are ordered at once. */
const MOST_AHEAD = 8;
/** What each of them wants of the engine's memory, in bytes: a part has 122,880 rows of some 100 bytes, and their order takes more. */
const AHEAD_BYTES = 128 * 1024 * 1024;

/** Says that an input's content turned out to be in already, after its rows were staged: takes them back. */
class AlreadyIn extends Error {}

class IngestRun {
  readonly #store: Store;
  readonly #files: readonly InputFile[];
  readonly #options: IngestOptions;
  readonly #pool = new DecodePool();
  /** Decoding threads, and how many parts each may be ahead. */
  readonly #count: number;
  readonly #ahead: number;
  readonly #group: InputGroup;
  readonly #claimed = new Set<string>();
  readonly #failures: { input: string; code: string; reason: string }[] = [];
  readonly #passedOver: string[] = [];
  readonly #bytes: number;
  readonly #began = performance.now();
  readonly #unfound: number;
  #stopped = false;
  #skipped = 0;
  #done = 0;
  #bytesDone = 0;
  #counts = { flows: 0, nodata: 0, skipdata: 0, quarantined: 0 };

  constructor(store: Store, { files, unfound }: Found, options: IngestOptions) {
    this.#store = store;
    this.#files = files;
    this.#unfound = unfound.length;
    this.#failures.push(...unfound.map(({ name, reason }) => ({ input: name, code: 'not_found', reason })));
    this.#options = options;
    this.#bytes = files.reduce((sum, file) => sum + file.size, 0);
    this.#group = new InputGroup(store, (inputs) => this.#committed(inputs));
    this.#count = Math.min(files.length, options.threads ?? Math.min(8, availableParallelism()));
    const ahead = Math.min(MOST_AHEAD, store.options.memoryBytes / AHEAD_BYTES) / Math.max(1, this.#count);
    this.#ahead = Math.max(2, Math.floor(ahead));
  }

  async run(): Promise<IngestReport> {
    const queue = this.#files.values();
    const count = this.#count;
    const { threads } = this.#store.options;
    try {
      // An engine with as many threads as cores would wait for those that decode, and its waiting burns a core.
      await this.#store.database.useThreads(Math.max(1, threads - Math.ceil(count / 2)));
      const lanes = Array.from({ length: count }, async () => {
        try {
          await this.#lane(queue);
        } catch (error) {
          this.#stopped = true;
          throw error;
        }
      });
      const outcomes = await Promise.allSettled(lanes);
      await this.#store.database.useThreads(threads);
      await this.#group.finish();
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    } finally {
      for (const sha256 of this.#claimed) this.#store.claimed.delete(sha256);
      await this.#pool.close();
      // A store that is gone has no threads to give back, and said so already.
      await this.#store.database.useThreads(threads).catch(() => undefined);
    }
    return this.#report();
  }

  /** One decoding thread's worth of work: file after file from the common queue. */
  async #lane(queue: Iterator<InputFile>): Promise<void> {
    for (let next = queue.next(); next.done !== true && !this.#stopped; next = queue.next()) {
      if (this.#options.signal?.aborted === true) {
        throw new PeepholeError('cancelled', 'The ingest was cancelled; what was committed stays.');
      }
      await this.#one(next.value);
    }
  }

  async #one(file: InputFile): Promise<void> {
    const thread = this.#pool.lend();
    try {
      await this.#take(file, thread);
    } catch (error) {
      if (!(error instanceof PeepholeError) || error.code !== 'unreadable_input') throw error;
      if (file.found && error.details['notFlowLogs'] === true) this.#passedOver.push(file.name);
      else this.#failures.push({ input: file.name, code: error.code, reason: error.message });
      this.#finished(file.size);
    } finally {
      this.#pool.giveBack(thread);
    }
  }

  async #take(file: InputFile, thread: DecodeThread): Promise<void> {
    // Files of a size that is in are claimed before they are decoded, others once they are.
    let claimed: string | null = null;
    const claim = (sha256: string): boolean => {
      if (sha256 !== claimed && !this.#claim(sha256)) return false;
      claimed = sha256;
      return true;
    };
    const parts = thread.decode({
      path: file.path,
      format: this.#options.format,
      sizeIsKnown: this.#store.knownSizes.has(file.size),
      ahead: this.#ahead,
      claim,
      onBytes: (bytes) => this.#progress(bytes, 0),
    });
    const first = await parts.next();
    if (first.done === true) return this.#skip(file);
    const second = await parts.next();
    if (second.done !== true) return this.#large(file, [first.value, second.value], parts, claim);
    const decoded = second.value;
    if (decoded === null || !claim(decoded.sha256)) return this.#skip(file);
    await this.#group.add({ entry: { name: file.name, ...decoded }, part: first.value });
  }

  /** An input of several parts gets a transaction of its own, and its parts are written while it is decoded. */
  async #large(
    file: InputFile,
    head: readonly DecodedPart[],
    rest: AsyncGenerator<DecodedPart, DecodedInput | null>,
    claim: (sha256: string) => boolean,
  ): Promise<void> {
    try {
      const counts = { flows: 0, nodata: 0, skipdata: 0, quarantined: 0 };
      await this.#store.write(async (transaction) => {
        const id = transaction.open();
        const take = async (part: DecodedPart): Promise<void> => {
          await transaction.append(id, part);
          add(counts, part);
          this.#progress(0, counts.flows);
          if (this.#options.signal?.aborted === true)
            throw new PeepholeError('cancelled', 'The ingest was cancelled.');
        };
        for (const part of head) await take(part);
        let next = await rest.next();
        while (next.done !== true) {
          await take(next.value);
          next = await rest.next();
        }
        const decoded = next.value;
        if (decoded === null || !claim(decoded.sha256)) throw new AlreadyIn();
        transaction.close(id, { name: file.name, ...decoded });
      });
      merge(this.#counts, counts);
      this.#finished(file.size);
    } catch (error) {
      if (error instanceof AlreadyIn || (error as Error).cause instanceof AlreadyIn) return this.#skip(file);
      throw error;
    } finally {
      await rest.return(null);
    }
  }

  /** Whether this content is to go in now: not in yet, and nobody else is at it. */
  #claim(sha256: string): boolean {
    if (this.#store.known.has(sha256)) return false;
    if (this.#claimed.has(sha256)) return false;
    if (this.#store.claimed.has(sha256)) return false;
    this.#store.claimed.add(sha256);
    this.#claimed.add(sha256);
    return true;
  }

  #skip(file: InputFile): void {
    this.#skipped++;
    this.#finished(file.size);
  }

  #committed(inputs: readonly SmallInput[]): void {
    for (const { entry, part } of inputs) {
      add(this.#counts, part);
      this.#finished(entry.size);
    }
  }

  #finished(bytes: number): void {
    this.#done++;
    this.#bytesDone += bytes;
    this.#progress(0, 0);
  }

  #progress(bytesOfCurrent: number, recordsOfCurrent: number): void {
    this.#options.onProgress?.({
      inputs: { done: this.#done, total: this.#files.length },
      bytes: { done: Math.min(this.#bytes, this.#bytesDone + bytesOfCurrent), total: this.#bytes },
      records: total(this.#counts) + recordsOfCurrent,
    });
  }

  #report(): IngestReport {
    return {
      inputs: this.#files.length + this.#unfound - this.#passedOver.length,
      skipped_inputs: this.#skipped,
      failed_inputs: this.#failures.length,
      passed_over: this.#passedOver,
      records: total(this.#counts),
      ...this.#counts,
      duplicates: 0,
      seconds: Math.round(performance.now() - this.#began) / 1000,
      failures: this.#failures,
    };
  }
}

interface Counts {
  flows: number;
  nodata: number;
  skipdata: number;
  quarantined: number;
}

function add(counts: Counts, part: DecodedPart): void {
  merge(counts, {
    flows: part.flows.rows,
    nodata: part.nodata,
    skipdata: part.skipdata,
    quarantined: part.quarantined.length,
  });
}

function merge(counts: Counts, more: Counts): void {
  counts.flows += more.flows;
  counts.nodata += more.nodata;
  counts.skipdata += more.skipdata;
  counts.quarantined += more.quarantined;
}

function total(counts: Counts): number {
  return counts.flows + counts.nodata + counts.skipdata + counts.quarantined;
}
