/**
 * The entry of a decoding thread: reads a file, knows it by its SHA-256, decodes it and hands the
 * parts over, some at most before they are taken, so that memory stays bounded.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parentPort, type Transferable } from 'node:worker_threads';
import { decodeFile } from '../decode/decode.ts';
import { parseFormat } from '../decode/layout.ts';
import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { DecodeEvent, DecodeRequest } from './decode-protocol.ts';

/** Files up to this are read at once. */
const SMALL_BYTES = 8 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

const port = parentPort;
if (port === null) throw new Error('decode-worker runs as a worker thread');

let proceed: ((go: boolean) => void) | null = null;
let taken: (() => void) | null = null;
/** Parts handed over and not yet taken. */
let untaken = 0;

port.on('message', (request: DecodeRequest) => {
  switch (request.kind) {
    case 'decode':
      void run(request);
      break;
    case 'proceed':
      proceed?.(request.go);
      break;
    case 'taken':
      untaken--;
      taken?.();
      break;
  }
});

async function run(request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  untaken = 0;
  try {
    await decodeInput(request);
  } catch (error) {
    send(failure(error));
  }
}

function failure(error: unknown): DecodeEvent {
  if (error instanceof PeepholeError)
    return { kind: 'failed', code: error.code, message: error.message, details: error.details };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return { kind: 'failed', code: 'unreadable_input', message: 'The file is gone.', details: {} };
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      kind: 'failed',
      code: 'unreadable_input',
      message: 'There is no permission to read the file.',
      details: {},
    };
  }
  return { kind: 'failed', code: 'unreadable_input', message, details: {} };
}

async function decodeInput(request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  const { size } = await stat(request.path);
  const options = request.format === null ? {} : { format: parseFormat(request.format) };
  if (size <= SMALL_BYTES) {
    const bytes = await readFile(request.path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (request.sizeIsKnown && !(await asked(sha256))) return send({ kind: 'skipped' });
    await deliver(
      decodeFile(request.path, once(bytes), options),
      request.ahead,
      () => bytes.length,
      () => ({ sha256, size: bytes.length }),
    );
    return;
  }
  if (request.sizeIsKnown) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(request.path, { highWaterMark: READ_BYTES }))
      hash.update(chunk as Buffer);
    if (!(await asked(hash.digest('hex')))) return send({ kind: 'skipped' });
  }
  const reader = new HashingReader(request.path);
  await deliver(
    decodeFile(request.path, reader, options),
    request.ahead,
    () => reader.bytes,
    () => reader.finish(),
  );
}

/** Reads a file once, from its beginning to its end, and hashes what it reads. */
class HashingReader implements AsyncIterable<Uint8Array> {
  bytes = 0;
  readonly #path: string;
  readonly #hash = createHash('sha256');

  constructor(path: string) {
    this.#path = path;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(this.#path, { highWaterMark: READ_BYTES })) {
      const bytes = chunk as Buffer;
      this.bytes += bytes.length;
      this.#hash.update(bytes);
      yield bytes;
    }
  }

  /** Reads on to the end, if the decoder did not (a Parquet file is not read in order), and says what was read. */
  async finish(): Promise<{ sha256: string; size: number }> {
    if (this.bytes === 0) for await (const chunk of this) void chunk;
    return { sha256: this.#hash.digest('hex'), size: this.bytes };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Hands over each part but the last, which goes with `done`. */
async function deliver(
  parts: AsyncIterable<DecodedPart>,
  ahead: number,
  bytesRead: () => number,
  finish: () => { sha256: string; size: number } | Promise<{ sha256: string; size: number }>,
): Promise<void> {
  let last: DecodedPart | null = null;
  for await (const part of parts) {
    if (last !== null) {
      send({ kind: 'part', part: last, bytesRead: bytesRead() }, buffersOf(last));
      untaken++;
      while (untaken >= ahead) await new Promise<void>((resolve) => (taken = resolve));
    }
    last = part;
  }
  if (last === null) throw new Error('the decoder gave no part');
  send({ kind: 'done', part: last, ...(await finish()) }, buffersOf(last));
}

async function asked(sha256: string): Promise<boolean> {
  const answer = new Promise<boolean>((resolve) => (proceed = resolve));
  send({ kind: 'hashed', sha256 });
  return answer;
}

function send(event: DecodeEvent, transfer: readonly Transferable[] = []): void {
  port?.postMessage(event, transfer);
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
