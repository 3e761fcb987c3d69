import type { FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { PeepholeError, errorCodeOf } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { Input, InputBytes } from '../sources/input.ts';
import type { DecodeEvent, DecodeRequest, SmallFile, SmallOutcome } from './decode-protocol.ts';

/** What is known of an input once all of it was decoded. Bytes. */
export interface DecodedInput {
  readonly sha256: string;
  readonly size: number;
}

export interface DecodeJob {
  readonly input: Input;
  readonly format: string | null;
  /** Whether an input of a size is in: then the content is looked at before decoding. */
  readonly sizeIsKnown: (size: number) => boolean;
  /** How many parts may wait to be taken: what bounds the memory. */
  readonly ahead: number;
  readonly onBytes: (bytes: number) => void;
}

/** What an input turns out to be: itself, or a file in the archive that it is. */
export interface DecodingInput {
  /** Its path in the archive; null for the input itself. */
  readonly member: string | null;
  /**
   * Its parts; then what the ledger needs, or null if the claim was refused. To be read before the next input is asked for.
   * Throws a PeepholeError that says why the input as a whole can't be read.
   *
   * @param claim claims a content; false skips the input
   */
  parts(claim: (sha256: string) => boolean): AsyncGenerator<DecodedPart, DecodedInput | null>;
}

/** Decoding threads. Each decodes one input at a time; idle ones wait for the next. */
export class DecodePool {
  readonly #heapBytes: number;
  readonly #onSlow: () => void;
  readonly #idle: DecodeThread[] = [];
  readonly #all = new Set<DecodeThread>();

  /**
   * @param heapBytes what JavaScript may take in each of them; an input that wants more fails
   * @param onSlow called when a thread finds that it can read lines only one by one
   */
  constructor(heapBytes: number, onSlow: () => void) {
    this.#heapBytes = heapBytes;
    this.#onSlow = onSlow;
  }

  /** Borrows a thread for one input; it must be given back. */
  lend(): DecodeThread {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const thread = new DecodeThread(this.#heapBytes, this.#onSlow);
    this.#all.add(thread);
    return thread;
  }

  giveBack(thread: DecodeThread): void {
    if (thread.usable) this.#idle.push(thread);
    else this.#all.delete(thread);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.stop()));
  }
}

/** One decoding thread, seen from outside. */
export class DecodeThread {
  usable = true;
  readonly #worker: Worker;
  readonly #events: DecodeEvent[] = [];
  #wake: (() => void) | null = null;
  #fault: unknown = null;
  /** What the thread decodes, if it comes in order. */
  #stream: AsyncIterator<Uint8Array> | null = null;

  constructor(heapBytes: number, onSlow: () => void) {
    // Always the built file: Node 20 can't load TypeScript into a thread.
    this.#worker = new Worker(createRequire(import.meta.url).resolve('#decode-worker'), {
      resourceLimits: { maxOldGenerationSizeMb: Math.floor(heapBytes / 1_048_576) },
    });
    this.#worker.on('message', (event: DecodeEvent) => {
      if (event.kind === 'pull') return void this.#feed();
      if (event.kind === 'slow') return onSlow();
      this.#events.push(event);
      this.#wake?.();
    });
    this.#worker.on('error', (error) => {
      this.#fault = error;
      this.usable = false;
      this.#wake?.();
    });
    // Last, since listening holds the process.
    this.#worker.unref();
  }

  /**
   * Decodes one input: itself, or the files that are in it. Throws a PeepholeError that says why it can't be opened, or an
   * archive can't be read further. Leaving the generator early, or one of its inputs, stops the thread.
   */
  async *inputs(job: DecodeJob): AsyncGenerator<DecodingInput> {
    const bytes = await job.input.open();
    this.#worker.ref();
    let ended = false;
    try {
      this.#start(bytes, job);
      const first = await this.#next();
      if (!isOfArchive(first)) {
        this.#events.unshift(first);
        yield this.#input(null, job);
        ended = true;
        return;
      }
      for (let event = first; ; event = await this.#next()) {
        switch (event.kind) {
          case 'sized':
            this.#send({ kind: 'begin', sizeIsKnown: job.sizeIsKnown(event.size) });
            break;
          case 'member':
            this.#send({ kind: 'begin', sizeIsKnown: job.sizeIsKnown(event.size) });
            yield this.#input(event.name, job);
            break;
          case 'end':
            ended = true;
            return;
          case 'failed':
            ended = true;
            throw new PeepholeError(errorCodeOf(event.code), event.message, event.details);
          case 'hashed':
          case 'part':
          case 'done':
          case 'skipped':
          case 'small':
          case 'slow':
          case 'pull':
            throw new PeepholeError('internal', `A decoding thread said "${event.kind}" between inputs.`);
        }
      }
    } finally {
      this.#worker.unref();
      if (!ended) await this.stop();
      // Whoever opened it lets go of it, also where it was not read to its end.
      await this.#stream?.return?.();
      this.#stream = null;
    }
  }

  /**
   * Decodes small files, while nothing else is decoded. Outcomes are in order, and may be fewer than files.
   *
   * @param format the layout of text without a header; null: the default ones
   */
  async small(files: readonly SmallFile[], format: string | null): Promise<readonly SmallOutcome[]> {
    this.#worker.ref();
    try {
      this.#send({ kind: 'small', files, format });
      const event = await this.#next();
      if (event.kind === 'small') return event.outcomes;
      throw new PeepholeError('internal', `A decoding thread said "${event.kind}" of small files.`);
    } finally {
      this.#worker.unref();
    }
  }

  /** Hands the input over: a file as it is, a stream as the thread asks for more of it. */
  #start(bytes: InputBytes, { input, format, ahead, sizeIsKnown }: DecodeJob): void {
    const known = input.size !== null && sizeIsKnown(input.size);
    const request = { kind: 'decode', format, sizeIsKnown: known, ahead } as const;
    switch (bytes.kind) {
      case 'file':
        this.#send({ ...request, file: bytes.file }, [bytes.file]);
        break;
      case 'stream':
        this.#stream = bytes.stream[Symbol.asyncIterator]();
        this.#send({ ...request, file: null });
        break;
    }
  }

  /** Gives the thread more of the stream that it decodes. */
  async #feed(): Promise<void> {
    try {
      const next = await this.#stream?.next();
      this.#send({ kind: 'bytes', bytes: next === undefined || next.done === true ? null : next.value });
    } catch (error) {
      const code = error instanceof PeepholeError ? error.code : 'unreadable_input';
      this.#send({ kind: 'broken', code, message: error instanceof Error ? error.message : String(error) });
    }
  }

  #input(member: string | null, job: DecodeJob): DecodingInput {
    return { member, parts: (claim) => this.#parts(job, claim) };
  }

  async *#parts(
    job: DecodeJob,
    claim: (sha256: string) => boolean,
  ): AsyncGenerator<DecodedPart, DecodedInput | null> {
    let ended = false;
    try {
      for (;;) {
        const event = await this.#next();
        switch (event.kind) {
          case 'hashed':
            this.#send({ kind: 'proceed', go: claim(event.sha256) });
            break;
          case 'part':
            job.onBytes(event.bytesRead);
            yield event.part;
            this.#send({ kind: 'taken' });
            break;
          case 'done':
            ended = true;
            yield event.part;
            return { sha256: event.sha256, size: event.size };
          case 'skipped':
            ended = true;
            return null;
          case 'failed':
            ended = true;
            throw new PeepholeError(errorCodeOf(event.code), event.message, event.details);
          case 'member':
          case 'sized':
          case 'end':
          case 'small':
          case 'slow':
          case 'pull':
            throw new PeepholeError('internal', `A decoding thread said "${event.kind}" within an input.`);
        }
      }
    } finally {
      if (!ended) await this.stop();
    }
  }

  async stop(): Promise<void> {
    this.usable = false;
    await this.#worker.terminate();
  }

  #send(request: DecodeRequest, handedOver: readonly FileHandle[] = []): void {
    this.#worker.postMessage(request, handedOver);
  }

  async #next(): Promise<DecodeEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (isOutOfMemory(this.#fault)) {
        throw new PeepholeError(
          'unreadable_input',
          'Reading it takes more memory than one input may take. Raise --memory, or split it.',
          {},
          { cause: this.#fault },
        );
      }
      if (this.#fault !== null) {
        throw new PeepholeError(
          'internal',
          `A decoding thread failed: ${String(this.#fault)}`,
          {},
          { cause: this.#fault },
        );
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Whether an event says that a file is an archive. */
function isOfArchive(event: DecodeEvent): boolean {
  return event.kind === 'member' || event.kind === 'sized' || event.kind === 'end';
}
