import type { MessagePort, Transferable } from 'node:worker_threads';
import { readsOneByOne } from '../decode/text/usual-lines.ts';
import { PeepholeError, errorCodeOf } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { DecodeEvent, DecodeRequest, SmallOutcome } from './decode-protocol.ts';
import type { ContentId } from './hashed-bytes.ts';

type StartRequest = DecodeRequest & { readonly kind: 'decode' };
type SmallRequest = DecodeRequest & { readonly kind: 'small' };

/** What came for a `pull`. */
type Fed = Extract<DecodeRequest, { readonly kind: 'bytes' | 'broken' }>;

/** The conversation of a decoding thread with the pool: what `decode-protocol.ts` says, as calls. */
export class DecodePort {
  readonly #port: MessagePort;
  #answer: ((yes: boolean) => void) | null = null;
  #fed: ((more: Fed) => void) | null = null;
  #taken: (() => void) | null = null;
  #saidSlow = false;
  /** Parts handed over and not yet taken. */
  #untaken = 0;

  /** `onStart` is called for each input, one after another; `onSmall` for small files, several at once. */
  constructor(
    port: MessagePort,
    onStart: (request: StartRequest) => void,
    onSmall: (request: SmallRequest) => readonly SmallOutcome[],
  ) {
    this.#port = port;
    port.on('message', (request: DecodeRequest) => {
      switch (request.kind) {
        case 'decode':
          this.#untaken = 0;
          onStart(request);
          break;
        case 'small':
          this.#sendSmall(onSmall(request));
          break;
        case 'begin':
          this.#answer?.(request.sizeIsKnown);
          break;
        case 'proceed':
          this.#answer?.(request.go);
          break;
        case 'taken':
          this.#untaken--;
          this.#taken?.();
          break;
        case 'bytes':
        case 'broken':
          this.#fed?.(request);
          break;
      }
    });
  }

  send(event: DecodeEvent, transfer: readonly Transferable[] = []): void {
    if (!this.#saidSlow && readsOneByOne()) {
      this.#saidSlow = true;
      this.send({ kind: 'slow' });
    }
    this.#port.postMessage(event, transfer);
  }

  /** Sends a question and waits for the answer. */
  async ask(question: DecodeEvent): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.send(question);
    return answered;
  }

  /** The stream that is decoded, a piece at a time. Throws what its source throws. */
  async *pulledBytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const coming = new Promise<Fed>((resolve) => (this.#fed = resolve));
      this.send({ kind: 'pull' });
      const more = await coming;
      if (more.kind === 'broken') throw new PeepholeError(errorCodeOf(more.code), more.message);
      if (more.bytes === null) return;
      yield more.bytes;
    }
  }

  /** Hands over each part but the last, which goes with `done`; `ahead`: how many may wait to be taken. */
  async deliver(
    parts: AsyncIterable<DecodedPart>,
    ahead: number,
    bytesRead: () => number,
    finish: () => ContentId | Promise<ContentId>,
  ): Promise<void> {
    let last: DecodedPart | null = null;
    for await (const part of parts) {
      if (last !== null) {
        this.send({ kind: 'part', part: last, bytesRead: bytesRead() }, buffersOf(last));
        this.#untaken++;
        while (this.#untaken >= ahead) await new Promise<void>((resolve) => (this.#taken = resolve));
      }
      last = part;
    }
    if (last === null) throw new Error('the decoder gave no part');
    this.send({ kind: 'done', part: last, ...(await finish()) }, buffersOf(last));
  }

  #sendSmall(outcomes: readonly SmallOutcome[]): void {
    const buffers = outcomes.flatMap((one) => (one.kind === 'decoded' ? buffersOf(one.part) : []));
    this.send({ kind: 'small', outcomes }, buffers);
  }

  /** Says why an input can't be read. */
  fail(error: unknown): void {
    this.send(failure(error));
  }
}

function failure(error: unknown): DecodeEvent {
  if (error instanceof PeepholeError)
    return { kind: 'failed', code: error.code, message: error.message, details: error.details };
  const { code, message } = error as NodeJS.ErrnoException;
  return { kind: 'failed', code: 'unreadable_input', message: reasonOf(code) ?? message, details: {} };
}

/** What an error of the operating system means to whoever takes something in. */
function reasonOf(code: string | undefined): string | null {
  switch (code) {
    case 'EIO':
      return "The disk can't read the file.";
    case 'ENOSPC':
      return 'There is no room for temporary files, which unpacking this needs.';
    default:
      return null;
  }
}

function buffersOf(part: DecodedPart): readonly ArrayBuffer[] {
  return [...new Set([...batchBuffers(part.flows), ...batchBuffers(part.coverage)])];
}

function batchBuffers(batch: RecordBatch): readonly ArrayBuffer[] {
  return batch.columns.flatMap((column): ArrayBuffer[] => {
    switch (column.kind) {
      case 'text':
        return [column.codes.buffer as ArrayBuffer];
      case 'address':
        return [column.halves.buffer as ArrayBuffer];
      case 'counter':
        return withNulls(column.halves, column.nulls);
      case 'integer':
      case 'time':
        return withNulls(column.values, column.nulls);
    }
  });
}

function withNulls(values: ArrayBufferView, nulls: Uint8Array | null): ArrayBuffer[] {
  return nulls === null
    ? [values.buffer as ArrayBuffer]
    : [values.buffer as ArrayBuffer, nulls.buffer as ArrayBuffer];
}
