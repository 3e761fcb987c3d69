import { availableParallelism } from 'node:os';
import type { FlowWriter } from '../engine/flow-writer.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Discovered, Input } from '../sources/input.ts';
import type { IngestProgress, IngestReport } from '../model/ingest-report.ts';
import { DecodePool, type DecodeThread, type DecodingInput } from './decode-pool.ts';
import type { SmallOutcome } from './decode-protocol.ts';
import { withoutDone, type RemainingInputs } from './done-objects.ts';
import { IngestTally } from './ingest-tally.ts';
import { targetOf, type IngestTarget } from './ingest-target.ts';
import { InputQueue, isSmallFile, type SmallInputFile } from './input-queue.ts';
import { InputGroup, type SmallInput } from './input-group.ts';
import { ObjectNotes } from './object-notes.ts';
import { writeParts, type IncomingParts } from './write-parts.ts';

export interface IngestOptions {
  /** The `--format` of text without a header; null: the default formats. */
  readonly format: string | null;
  /** The name that the inputs are counted under, if they are those of a source that is read repeatedly. */
  readonly source?: string;
  /** Decoding threads at most; default: one a core, eight at most. */
  readonly threads?: number;
  readonly onProgress?: (progress: IngestProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Takes inputs into the store: each exactly once, known by its content; each wholly or not at all. One with a tag is not
 * even opened if it is done with; if it had another tag then, only the records that are new go in.
 * An input that can't be read fails alone and the others go on; what stops the store itself (a full disk), or the source
 * of all of them, throws. Aborting keeps what was committed.
 */
export async function ingest(
  store: FlowWriter,
  discovered: Discovered,
  options: IngestOptions,
): Promise<IngestReport> {
  const run = new IngestRun(
    store,
    await withoutDone(store.sources, discovered.inputs),
    discovered.missing,
    options,
  );
  return run.run();
}

/** Parts that all decoding threads together may be ahead of what is staged. */
const MOST_AHEAD = 4;
/** What each of them wants of the engine's memory, in bytes: a part has 122,880 rows of some 100 bytes, and their order takes more. */
const AHEAD_BYTES = 128 * 1024 * 1024;

/** What a decoding thread's own objects may take, in bytes: text takes a tenth of it, JSON in large values most. */
const LEAST_HEAP = 256 * 1024 * 1024;
const MOST_HEAP = 1024 * 1024 * 1024;

/** Faults of one input: the others go on. */
const FAILS_ALONE: ReadonlySet<string> = new Set(['unreadable_input', 'source_failed']);

const SLOW =
  'Lines were read one by one, which takes some ten times as long: each thread wants 15 MB of address space for reading them faster, and was not given it (ulimit -v, a limit of the container).';

const NONE_CHANGED: ReadonlySet<string> = new Set();

type Failure = IngestReport['failures'][number];

class IngestRun {
  readonly #store: FlowWriter;
  readonly #remaining: RemainingInputs;
  readonly #options: IngestOptions;
  readonly #tally: IngestTally;
  readonly #notes: ObjectNotes;
  readonly #group: InputGroup;
  readonly #pool: DecodePool;
  /** Decoding threads, and how many parts each may be ahead. */
  readonly #threads: number;
  readonly #ahead: number;
  /** How many of them decode small files together, at most. */
  readonly #smallThreads: number;
  readonly #inFlightHashes = new Set<string>();
  #stopped = false;

  constructor(
    store: FlowWriter,
    remaining: RemainingInputs,
    missing: Discovered['missing'],
    options: IngestOptions,
  ) {
    this.#store = store;
    this.#remaining = remaining;
    this.#options = options;
    this.#tally = new IngestTally(remaining, missing, options.onProgress);
    this.#notes = new ObjectNotes(store, options.source);
    const committed = (inputs: readonly SmallInput[], duplicateVisits: number): void => {
      this.#tally.addDuplicateVisits(duplicateVisits);
      for (const { entry, part, fileBytes } of inputs) {
        this.#tally.addPart(entry.name, part);
        this.#tally.finishFile(fileBytes);
      }
    };
    const taken = (inputs: readonly SmallInput[]): void => {
      for (const { fileBytes } of inputs) {
        this.#tally.addSkipped();
        this.#tally.finishFile(fileBytes);
      }
    };
    this.#group = new InputGroup(store, options.source ?? null, committed, taken);
    this.#threads = Math.min(remaining.inputs.length, options.threads ?? Math.min(8, availableParallelism()));
    this.#smallThreads = Math.ceil(this.#threads / 4);
    const ahead = Math.min(MOST_AHEAD, store.budget.memoryBytes / AHEAD_BYTES) / Math.max(1, this.#threads);
    this.#ahead = Math.max(2, Math.floor(ahead));
    const heap = store.budget.memoryBytes / 2 / Math.max(1, this.#threads);
    this.#pool = new DecodePool(Math.min(MOST_HEAP, Math.max(LEAST_HEAP, heap)), () =>
      this.#tally.warn(SLOW),
    );
  }

  async run(): Promise<IngestReport> {
    const { inputs, changed } = this.#remaining;
    const queue = new InputQueue(inputs, ({ name }) => changed.has(name), this.#smallThreads);
    const { threads } = this.#store.budget;
    try {
      // Where several files are decoded, an engine with as many threads as cores would wait for them, and its waiting burns a core.
      const decoding = inputs.every(isSmallFile) ? this.#smallThreads : this.#threads;
      await this.#store.useThreads(Math.max(1, threads - Math.floor(decoding / 2)));
      const lanes = Array.from({ length: this.#threads }, async () => {
        try {
          await this.#lane(queue);
        } catch (error) {
          this.#stopped = true;
          throw error;
        }
      });
      const outcomes = await Promise.allSettled(lanes);
      // Nothing is decoded any more.
      await this.#store.useThreads(threads);
      await this.#group.finish();
      await this.#notes.save();
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    } finally {
      for (const sha256 of this.#inFlightHashes) this.#store.inputs.release(sha256);
      await this.#pool.close();
      // A store that is gone has no threads to give back, and said so already.
      await this.#store.useThreads(threads).catch(() => undefined);
    }
    return this.#tally.report();
  }

  /** One decoding thread's worth of work from the common queue. */
  async #lane(queue: InputQueue): Promise<void> {
    for (let work = await queue.take(); work !== null; work = await queue.take()) {
      try {
        if (this.#stopped) return;
        this.#checkAborted();
        if (work.kind === 'alone') await this.#ingestInput(work.input);
        else await this.#ingestSmall(work.files, queue);
      } finally {
        if (work.kind === 'small') queue.endSmall();
      }
    }
  }

  #checkAborted(): void {
    if (this.#options.signal?.aborted === true)
      throw new PeepholeError('cancelled', 'The ingest was cancelled; what was committed stays.');
  }

  /** Ingests small files, and those that come next in the queue: while what came of some is taken, the thread decodes the next ones. */
  async #ingestSmall(first: readonly SmallInputFile[], queue: InputQueue): Promise<void> {
    let thread = this.#pool.lend();
    try {
      for (let files = first, coming = this.#decodeSmall(thread, files); files.length > 0;) {
        const outcomes = await coming;
        this.#checkAborted();
        if (this.#stopped) return;
        if (!thread.usable) {
          this.#pool.giveBack(thread);
          thread = this.#pool.lend();
        }
        const next = queue.nextSmall();
        coming = this.#decodeSmall(thread, next);
        // Seen by whoever waits for it, unless what follows throws.
        coming.catch(() => undefined);
        queue.putAside(files.filter((_, index) => (outcomes[index]?.kind ?? 'alone') === 'alone'));
        for (const [index, outcome] of outcomes.entries()) await this.#takeSmall(files[index]!, outcome);
        files = next;
      }
    } finally {
      this.#pool.giveBack(thread);
    }
  }

  /** No outcomes if the thread failed: each file is then decoded alone, which tells which one it was. */
  async #decodeSmall(
    thread: DecodeThread,
    files: readonly SmallInputFile[],
  ): Promise<readonly SmallOutcome[]> {
    const { inputs } = this.#store;
    if (files.length === 0) return [];
    try {
      return await thread.small(
        files.map(({ path, size }) => ({ path, known: inputs.hashesOfSize(size) })),
        this.#options.format,
      );
    } catch (error) {
      if (thread.usable) throw error;
      return [];
    }
  }

  async #takeSmall(file: SmallInputFile, outcome: SmallOutcome): Promise<void> {
    if (outcome.kind === 'alone') return;
    const target = targetOf(file, null, NONE_CHANGED);
    if (outcome.kind === 'known' || !this.#claim(outcome.sha256)) return this.#skip(target);
    const { part, sha256, size } = outcome;
    await this.#group.add({
      entry: { name: target.name, sha256, size },
      part,
      fileBytes: target.fileBytes,
      object: target.object,
    });
  }

  async #ingestInput(file: Input): Promise<void> {
    const thread = this.#pool.lend();
    const { changed } = this.#remaining;
    const failed: Failure[] = [];
    let archived = false;
    try {
      const inputs = thread.inputs({
        input: file,
        format: this.#options.format,
        sizeIsKnown: (size) => this.#store.inputs.hasSize(size),
        ahead: this.#ahead,
        onBytes: (bytes) => this.#tally.showProgress(bytes, 0),
      });
      for await (const input of inputs) {
        archived = input.member !== null;
        const failure = await this.#ingestDecoded(targetOf(file, input.member, changed), input);
        if (failure !== null) failed.push(failure);
      }
    } catch (error) {
      const target = { ...targetOf(file, null, changed), fileBytes: null };
      // What files in it brought stays: of the archive it is noted below what could not be read.
      const failure = await this.#refuse(archived ? { ...target, object: null } : target, error);
      if (failure !== null) failed.push(failure);
    } finally {
      this.#pool.giveBack(thread);
    }
    if (!archived) return;
    this.#tally.finishFile(file.size ?? 0);
    if (failed.some(({ code }) => code === 'source_failed')) return;
    if (failed.length === 0) await this.#notes.noteDone(file);
    else await this.#notes.noteDoneInPart(file, failed);
  }

  /** Ingests one input. One that can't be read fails alone, and its failure is returned; whatever else goes wrong is thrown. */
  async #ingestDecoded(target: IngestTarget, input: DecodingInput): Promise<Failure | null> {
    try {
      await this.#ingestContent(target, input);
      return null;
    } catch (error) {
      return this.#refuse(target, error);
    }
  }

  /** Returns the failure; null: it is no flow log, and nobody said that it is one. */
  async #refuse(target: IngestTarget, error: unknown): Promise<Failure | null> {
    if (!(error instanceof PeepholeError) || !FAILS_ALONE.has(error.code)) throw error;
    const { notFlowLogs, kind, tag } = error.details;
    // What its source could not give now it may give later.
    if (error.code !== 'source_failed' && target.object !== null) {
      const state = typeof tag === 'string' ? tag : target.object.tag;
      await this.#notes.setAside(target.name, { ...target.object, tag: state }, error.message);
    }
    const ignored = target.discovered && notFlowLogs === true;
    if (ignored) this.#tally.addIgnored(target.name, typeof kind === 'string' ? kind : 'of another kind');
    else this.#tally.addFailure(target.name, error.code, error.message);
    this.#tally.finishFile(target.fileBytes);
    return ignored ? null : { input: target.name, code: error.code, reason: error.message };
  }

  async #ingestContent(target: IngestTarget, input: DecodingInput): Promise<void> {
    // Files of a size that is in are claimed before they are decoded, others once they are.
    let claimed: string | null = null;
    const claim = (sha256: string): boolean => {
      if (sha256 !== claimed && !this.#claim(sha256)) return false;
      claimed = sha256;
      return true;
    };
    const rest = input.parts(claim);
    const first = await rest.next();
    if (first.done === true) return this.#skip(target);
    if (target.laterThan !== null) return this.#ingestParts(target, { head: [first.value], rest, claim });
    const second = await rest.next();
    if (second.done !== true)
      return this.#ingestParts(target, { head: [first.value, second.value], rest, claim });
    const decoded = second.value;
    if (decoded === null || !claim(decoded.sha256)) return this.#skip(target);
    await this.#group.add({
      entry: { name: target.name, ...decoded },
      part: first.value,
      fileBytes: target.fileBytes,
      object: target.object,
    });
  }

  async #ingestParts(target: IngestTarget, parts: IncomingParts): Promise<void> {
    const { source, signal } = this.#options;
    const written = await writeParts(this.#store, target, parts, {
      source,
      signal,
      onFlows: (flows) => this.#tally.showProgress(0, flows),
    });
    if (written === null) return this.#skip(target);
    this.#tally.addWritten(written);
    this.#tally.finishFile(target.fileBytes);
  }

  /** Whether this content is to be ingested now: it is not in yet, and not being ingested. */
  #claim(sha256: string): boolean {
    if (!this.#store.inputs.claim(sha256)) return false;
    this.#inFlightHashes.add(sha256);
    return true;
  }

  async #skip(target: IngestTarget): Promise<void> {
    this.#tally.addSkipped();
    this.#tally.finishFile(target.fileBytes);
    if (target.object !== null) await this.#notes.noteDone(target.input);
  }
}
