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
  /** Whether an input of that size is in: then the content is looked at before decoding. */
  readonly sizeIsKnown: boolean;
  /** How many parts may wait to be taken: what bounds the memory. */
  readonly ahead: number;
  /** Claims the content; false skips the input. */
  readonly claim: (sha256: string) => boolean;
  readonly onBytes: (bytes: number) => void;
}

/** Decoding threads. Each decodes one input at a time; idle ones wait for the next. */
export class DecodePool {
  readonly #idle: DecodeThread[] = [];
  readonly #all = new Set<DecodeThread>();

  /** Borrows a thread for one input; it must be given back. */
  lend(): DecodeThread {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    const thread = new DecodeThread();
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
  // Always the built file: Node 20 can't load TypeScript into a thread.
  readonly #worker = new Worker(createRequire(import.meta.url).resolve('#decode-worker'));
  readonly #events: DecodeEvent[] = [];
  #wake: (() => void) | null = null;
  #fault: unknown = null;

  constructor() {
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
   * Decodes one input: yields its parts and returns what the ledger needs, or null if the claim was
   * refused. Throws a PeepholeError that says why the input as a whole can't be read.
   * Leaving the generator early stops the thread.
   */
  async *decode(job: DecodeJob): AsyncGenerator<DecodedPart, DecodedInput | null> {
    this.#worker.ref();
    let ended = false;
    try {
      const { path, format, sizeIsKnown, ahead } = job;
      this.#send({ kind: 'decode', path, format, sizeIsKnown, ahead });
      for (;;) {
        const event = await this.#next();
        switch (event.kind) {
          case 'hashed':
            this.#send({ kind: 'proceed', go: job.claim(event.sha256) });
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
        }
      }
    } finally {
      this.#worker.unref();
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

function codeOf(code: string): ErrorCode {
  return Object.hasOwn(errorKinds, code) ? (code as ErrorCode) : 'internal';
}
