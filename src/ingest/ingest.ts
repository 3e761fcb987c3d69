import { availableParallelism } from 'node:os';
import type { FlowWriter, LeftOut } from '../engine/flow-writer.ts';
import type { SourceObject } from '../engine/source-register.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Discovered, Input } from '../sources/input.ts';
import { DecodePool, type DecodedInput, type DecodingInput } from './decode-pool.ts';
import { objectOf, withoutDone, type RemainingInputs } from './done-objects.ts';
import { InputGroup, type SmallInput } from './input-group.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import { addCounts, addPart, NOTHING, rangeOf, totalOf } from './record-counts.ts';
import { ReasonTally } from './reason-tally.ts';
import type { IngestProgress, IngestReport } from '../model/ingest-report.ts';

export interface IngestOptions {
  /** The `--format` of text without a header; null: the default formats. */
  readonly format: string | null;
  /** What the inputs come from, if that is read again and again: counted under its name. */
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

/** Parts that all decoding threads together may be ahead of what is written: about as many as are ordered at once. */
const MOST_AHEAD = 8;
/** What each of them wants of the engine's memory, in bytes: a part has 122,880 rows of some 100 bytes, and their order takes more. */
const AHEAD_BYTES = 128 * 1024 * 1024;

/** What a decoding thread's own objects may take, in bytes: text takes a tenth of it, JSON in large values most. */
const LEAST_HEAP = 256 * 1024 * 1024;
const MOST_HEAP = 1024 * 1024 * 1024;

/** Says that an input's content turned out to be in already, after its rows were staged: takes them back. */
class DuplicateInput extends Error {}

/** Objects without records of their own (in already, no flow logs) that are noted as done with at once. */
const MOST_UNNOTED = 1000;

class IngestRun {
  readonly #store: FlowWriter;
  readonly #inputs: readonly Input[];
  readonly #options: IngestOptions;
  readonly #pool: DecodePool;
  /** Decoding threads, and how many parts each may be ahead. */
  readonly #count: number;
  readonly #ahead: number;
  readonly #group: InputGroup;
  readonly #inFlightHashes = new Set<string>();
  readonly #failures: { input: string; code: string; reason: string }[] = [];
  readonly #ignored: { input: string; kind: string }[] = [];
  /** Names of inputs that are in, as they were earlier. */
  readonly #changed: ReadonlySet<string>;
  /** Objects that are done with, and not noted yet. */
  #unnoted: SourceObject[] = [];
  readonly #bytes: number;
  readonly #began = performance.now();
  #stopped = false;
  #skipped: number;
  #done = 0;
  #bytesDone = 0;
  #taken = 0;
  #counts = { ...NOTHING };
  #duplicates = 0;
  readonly #reasons = new ReasonTally();

  constructor(
    store: FlowWriter,
    { inputs, changed, done }: RemainingInputs,
    missing: Discovered['missing'],
    options: IngestOptions,
  ) {
    this.#store = store;
    this.#inputs = inputs;
    this.#changed = changed;
    this.#skipped = done;
    this.#failures.push(...missing.map(({ name, reason }) => ({ input: name, code: 'not_found', reason })));
    this.#options = options;
    this.#bytes = inputs.reduce((sum, { size }) => sum + (size ?? 0), 0);
    this.#group = new InputGroup(store, options.source ?? null, (committed, duplicates) =>
      this.#committed(committed, duplicates),
    );
    this.#count = Math.min(inputs.length, options.threads ?? Math.min(8, availableParallelism()));
    const ahead = Math.min(MOST_AHEAD, store.budget.memoryBytes / AHEAD_BYTES) / Math.max(1, this.#count);
    this.#ahead = Math.max(2, Math.floor(ahead));
    const heap = store.budget.memoryBytes / 2 / Math.max(1, this.#count);
    this.#pool = new DecodePool(Math.min(MOST_HEAP, Math.max(LEAST_HEAP, heap)));
  }

  async run(): Promise<IngestReport> {
    const queue = this.#inputs.values();
    const count = this.#count;
    const { threads } = this.#store.budget;
    try {
      // An engine with as many threads as cores would wait for those that decode, and its waiting burns a core.
      await this.#store.useThreads(Math.max(1, threads - Math.ceil(count / 2)));
      const lanes = Array.from({ length: count }, async () => {
        try {
          await this.#lane(queue);
        } catch (error) {
          this.#stopped = true;
          throw error;
        }
      });
      const outcomes = await Promise.allSettled(lanes);
      await this.#store.useThreads(threads);
      await this.#group.finish();
      await this.#noteObjects();
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    } finally {
      for (const sha256 of this.#inFlightHashes) this.#store.inputs.release(sha256);
      await this.#pool.close();
      // A store that is gone has no threads to give back, and said so already.
      await this.#store.useThreads(threads).catch(() => undefined);
    }
    return this.#report();
  }

  /** Keeps that an object is done with which brings no records of its own. */
  async #noteDone(input: Input): Promise<void> {
    const object = objectOf(input);
    if (object === null) return;
    this.#unnoted.push(object);
    if (this.#unnoted.length >= MOST_UNNOTED) await this.#noteObjects();
  }

  async #noteObjects(): Promise<void> {
    const objects = this.#unnoted;
    this.#unnoted = [];
    if (objects.length === 0) return;
    await this.#store.write(async ({ sources }) => {
      sources.saveObjects(objects);
      if (this.#options.source !== undefined)
        sources.count(this.#options.source, { records: 0, objects: objects.length });
    });
  }

  /** One decoding thread's worth of work: file after file from the common queue. */
  async #lane(queue: Iterator<Input>): Promise<void> {
    for (let next = queue.next(); next.done !== true && !this.#stopped; next = queue.next()) {
      if (this.#options.signal?.aborted === true) {
        throw new PeepholeError('cancelled', 'The ingest was cancelled; what was committed stays.');
      }
      await this.#ingestInput(next.value);
    }
  }

  async #ingestInput(file: Input): Promise<void> {
    const thread = this.#pool.lend();
    const failedBefore = this.#failures.length;
    let archived = false;
    try {
      const inputs = thread.inputs({
        input: file,
        format: this.#options.format,
        sizeIsKnown: (size) => this.#store.inputs.hasSize(size),
        ahead: this.#ahead,
        onBytes: (bytes) => this.#progress(bytes, 0),
      });
      for await (const input of inputs) {
        archived = input.member !== null;
        await this.#ingestDecoded(this.#targetOf(file, input.member), input);
      }
    } catch (error) {
      await this.#refuse({ ...this.#targetOf(file, null), fileBytes: null }, error);
    } finally {
      this.#pool.giveBack(thread);
    }
    if (!archived) return;
    this.#finished(file.size ?? 0);
    if (this.#failures.slice(failedBefore).every(({ code }) => code !== 'source_failed'))
      await this.#noteDone(file);
  }

  /** Takes in one input. One that can't be read fails alone; whatever else goes wrong is thrown. */
  async #ingestDecoded(target: Target, input: DecodingInput): Promise<void> {
    try {
      await this.#ingestContent(target, input);
    } catch (error) {
      await this.#refuse(target, error);
    }
  }

  async #refuse(target: Target, error: unknown): Promise<void> {
    if (!(error instanceof PeepholeError) || !FAILS_ALONE.has(error.code)) throw error;
    const { notFlowLogs, kind, tag } = error.details;
    // What its source could not give now it may give later.
    if (error.code !== 'source_failed' && target.object !== null) {
      const state = typeof tag === 'string' ? tag : target.object.tag;
      await this.#setAside(target.name, { ...target.object, tag: state }, error.message);
    }
    if (target.discovered && notFlowLogs === true) {
      this.#ignored.push({
        input: target.name,
        kind: typeof kind === 'string' ? kind : 'of another kind',
      });
    } else {
      this.#failures.push({ input: target.name, code: error.code, reason: error.message });
    }
    this.#finished(target.fileBytes);
  }

  /** Keeps why an object at a source can't be read in this state, so that it is not fetched again and again. */
  async #setAside(name: string, object: SourceObject, reason: string): Promise<void> {
    const { source } = this.#options;
    const [state] = await this.#store.sources.states([object]);
    if (state === 'done') return;
    await this.#store.write(async (batch) => {
      batch.sources.saveObjects([object]);
      if (source === undefined) return;
      batch.sources.count(source, { records: 0, objects: 1 });
      const id = await batch.openStream(source);
      await batch.append(id, unreadable(name, reason));
      batch.closeStream(id);
    });
  }

  async #ingestContent(target: Target, input: DecodingInput): Promise<void> {
    // Files of a size that is in are claimed before they are decoded, others once they are.
    let claimed: string | null = null;
    const claim = (sha256: string): boolean => {
      if (sha256 !== claimed && !this.#claim(sha256)) return false;
      claimed = sha256;
      return true;
    };
    const parts = input.parts(claim);
    const first = await parts.next();
    if (first.done === true) return this.#skip(target);
    if (target.laterThan !== null) return this.#ingestStreaming(target, [first.value], parts, claim);
    const second = await parts.next();
    if (second.done !== true) return this.#ingestStreaming(target, [first.value, second.value], parts, claim);
    const decoded = second.value;
    if (decoded === null || !claim(decoded.sha256)) return this.#skip(target);
    await this.#group.add({
      entry: { name: target.name, ...decoded },
      part: first.value,
      fileBytes: target.fileBytes,
      object: target.object,
    });
  }

  /** An input of several parts gets a transaction of its own, and its parts are written while it is decoded. */
  async #ingestStreaming(
    target: Target,
    head: readonly DecodedPart[],
    rest: AsyncGenerator<DecodedPart, DecodedInput | null>,
    claim: (sha256: string) => boolean,
  ): Promise<void> {
    try {
      const counts = { ...NOTHING };
      const reasons = new ReasonTally();
      let duplicates = 0;
      let leftOut: LeftOut = { flows: 0, nodata: 0, skipdata: 0 };
      await this.#store.write(async (transaction) => {
        const id = transaction.open(target.laterThan ?? undefined);
        const take = async (part: DecodedPart): Promise<void> => {
          duplicates += (await transaction.append(id, part)).duplicates;
          addPart(counts, part);
          reasons.note(target.name, part.quarantined);
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
        if (decoded === null || !claim(decoded.sha256)) throw new DuplicateInput();
        if (target.laterThan !== null) leftOut = await transaction.leftOut();
        transaction.close(id, { name: target.name, ...decoded });
        if (target.object !== null) transaction.sources.saveObjects([target.object]);
        if (this.#options.source !== undefined) {
          const records = totalOf(counts) - totalOf({ quarantined: 0, visits: duplicates, ...leftOut });
          transaction.sources.count(this.#options.source, {
            records,
            objects: target.object === null ? 0 : 1,
          });
        }
      });
      counts.flows -= leftOut.flows;
      counts.nodata -= leftOut.nodata;
      counts.skipdata -= leftOut.skipdata;
      this.#duplicates += leftOut.flows + leftOut.nodata + leftOut.skipdata;
      addCounts(this.#counts, counts);
      this.#noteDuplicates(duplicates);
      this.#reasons.merge(reasons);
      this.#taken++;
      this.#finished(target.fileBytes);
    } catch (error) {
      if (error instanceof DuplicateInput || (error as Error).cause instanceof DuplicateInput)
        return this.#skip(target);
      throw error;
    } finally {
      await rest.return(null);
    }
  }

  /** Whether this content is to go in now: not in yet, and nobody else is at it. */
  #claim(sha256: string): boolean {
    if (!this.#store.inputs.claim(sha256)) return false;
    this.#inFlightHashes.add(sha256);
    return true;
  }

  async #skip(target: Target): Promise<void> {
    this.#skipped++;
    this.#finished(target.fileBytes);
    if (target.object !== null) await this.#noteDone(target.input);
  }

  #committed(inputs: readonly SmallInput[], duplicates: number): void {
    this.#noteDuplicates(duplicates);
    for (const { entry, part, fileBytes } of inputs) {
      addPart(this.#counts, part);
      this.#reasons.note(entry.name, part.quarantined);
      this.#taken++;
      this.#finished(fileBytes);
    }
  }

  /** Visits that were in already were counted with the others. */
  #noteDuplicates(visits: number): void {
    this.#counts.visits -= visits;
    this.#duplicates += visits;
  }

  #targetOf(input: Input, member: string | null): Target {
    const laterThan = (name: string): string | null => (this.#changed.has(input.name) ? name : null);
    if (member === null) {
      return {
        input,
        name: input.name,
        discovered: input.discovered,
        fileBytes: input.size ?? 0,
        object: objectOf(input),
        laterThan: laterThan(input.name),
      };
    }
    const name = `${input.name}/${member}`;
    return { input, name, discovered: true, fileBytes: null, object: null, laterThan: laterThan(name) };
  }

  /** A file is done with. Null: it is a file in an archive, or the archive is not at its end. */
  #finished(bytes: number | null): void {
    if (bytes === null) return;
    this.#done++;
    this.#bytesDone += bytes;
    this.#progress(0, 0);
  }

  #progress(bytesOfCurrent: number, recordsOfCurrent: number): void {
    this.#options.onProgress?.({
      inputs: { done: this.#done, total: this.#inputs.length },
      bytes: { done: Math.min(this.#bytes, this.#bytesDone + bytesOfCurrent), total: this.#bytes },
      records: totalOf(this.#counts) + recordsOfCurrent,
    });
  }

  #report(): IngestReport {
    const { untimed, first, last, ...counts } = this.#counts;
    return {
      inputs: this.#taken + this.#skipped + this.#failures.length,
      skipped_inputs: this.#skipped,
      failed_inputs: this.#failures.length,
      ignored: this.#ignored.map(({ input }) => input),
      other_files: this.#ignored,
      records: totalOf(counts) + this.#duplicates,
      ...counts,
      duplicates: this.#duplicates,
      untimed_flows: untimed,
      range: rangeOf({ first, last }),
      seconds: Math.round(performance.now() - this.#began) / 1000,
      failures: this.#failures,
      reasons: this.#reasons.most(),
    };
  }
}

/** What is taken in: an input, or a file in the archive that it is. */
interface Target {
  readonly input: Input;
  readonly name: string;
  /** Not named itself: something else than flow logs is skipped. */
  readonly discovered: boolean;
  /** Bytes of the file that is done with once this is; null for a file in an archive. */
  readonly fileBytes: number | null;
  /** The object at a source that is done with once this is; null where that says nothing. */
  readonly object: SourceObject | null;
  /** The name of an input that is in, of which this is a later state; null: it is no such. */
  readonly laterThan: string | null;
}

/** Faults of one input: the others go on. */
const FAILS_ALONE: ReadonlySet<string> = new Set(['unreadable_input', 'source_failed']);

/** The part of an object that can't be read as a whole. */
function unreadable(item: string, reason: string): DecodedPart {
  const none: RecordBatch = { rows: 0, columns: [], texts: [''] };
  return {
    flows: none,
    coverage: none,
    nodata: 0,
    skipdata: 0,
    quarantined: [{ item, line: 0, reason, text: '' }],
  };
}
