import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { PeepholeError, errorKinds, type ErrorCode } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import type { DecodeEvent, DecodeRequest } from './decode-protocol.ts';

/** What is known of an input once all of it was decoded. Bytes. */
export interface DecodedInput {
  readonly sha256: string;
  readonly size: number;
}

export interface DecodeJob {
  readonly path: string;
  readonly format: string | null;
  /** How large the file is, in bytes. */
  readonly size: number;
  /** Whether an input of a size is in: then the content is looked at before decoding. */
  readonly sizeIsKnown: (size: number) => boolean;
  /** How many parts may wait to be taken: what bounds the memory. */
  readonly ahead: number;
  readonly onBytes: (bytes: number) => void;
}

/** One input of a file: the file itself, or a file in the archive that it is. */
export interface DecodingInput {
  /** Its path in the archive; null for the file itself. */
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
  readonly #idle: DecodeThread[] = [];
  readonly #all = new Set<DecodeThread>();

  /** `heapBytes`: what JavaScript may take in each of them; an input that wants more fails. */
  constructor(heapBytes: number) {
    this.#heapBytes = heapBytes;
  }

  /** Borrows a thread for one input; it must be given back. */
  lend(): DecodeThread {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const thread = new DecodeThread(this.#heapBytes);
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

  constructor(heapBytes: number) {
    // Always the built file: Node 20 can't load TypeScript into a thread.
    this.#worker = new Worker(createRequire(import.meta.url).resolve('#decode-worker'), {
      resourceLimits: { maxOldGenerationSizeMb: Math.floor(heapBytes / 1_048_576) },
    });
    this.#worker.on('message', (event: DecodeEvent) => {
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
   * Decodes one file: the inputs that it is, or that are in it. Throws a PeepholeError that says why an archive can't be
   * read further. Leaving the generator early, or one of its inputs, stops the thread.
   */
  async *inputs(job: DecodeJob): AsyncGenerator<DecodingInput> {
    this.#worker.ref();
    let ended = false;
    try {
      const { path, format, ahead } = job;
      this.#send({ kind: 'decode', path, format, sizeIsKnown: job.sizeIsKnown(job.size), ahead });
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
            throw new PeepholeError(codeOf(event.code), event.message, event.details);
          case 'hashed':
          case 'part':
          case 'done':
          case 'skipped':
            throw new PeepholeError('internal', `A decoding thread said "${event.kind}" between inputs.`);
        }
      }
    } finally {
      this.#worker.unref();
      if (!ended) await this.stop();
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
            throw new PeepholeError(codeOf(event.code), event.message, event.details);
          case 'member':
          case 'sized':
          case 'end':
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

  #send(request: DecodeRequest): void {
    this.#worker.postMessage(request);
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

function codeOf(code: string): ErrorCode {
  return Object.hasOwn(errorKinds, code) ? (code as ErrorCode) : 'internal';
}
