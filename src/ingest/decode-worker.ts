/**
 * The entry of a decoding thread: reads an input (a file that was handed to it, or bytes that it asks for), knows it by
 * its SHA-256, decodes it and hands the parts over, some at most before they are taken, so that memory stays bounded. The files in an archive are inputs
 * as well, one after another.
 */
import { parentPort, type Transferable } from 'node:worker_threads';
import type { ArchiveMember } from '../decode/container/archive-member.ts';
import { singleChunk } from '../decode/container/peek.ts';
import { gatherBytes, inOrder, type GatheredBytes } from '../decode/container/random-bytes.ts';
import { UnpackBudget } from '../decode/container/unpack-budget.ts';
import { openInput, type DecodeOptions, type OpenedInput } from '../decode/decode.ts';
import { parseFormat } from '../decode/field-layout.ts';
import { PeepholeError, errorCodeOf } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { RecordBatch } from '../model/record/record-batch.ts';
import type { DecodeEvent, DecodeRequest } from './decode-protocol.ts';
import { HashedBytes, contentIdOf, type ContentId } from './hashed-bytes.ts';
import { SourceFile } from './source-file.ts';

/** Inputs up to this are read at once. */
const SMALL_BYTES = 8 * 1024 * 1024;

const port = parentPort;
if (port === null) throw new Error('decode-worker runs as a worker thread');

let answer: ((yes: boolean) => void) | null = null;
let fed: ((more: Fed) => void) | null = null;
let taken: (() => void) | null = null;
/** Parts handed over and not yet taken. */
let untaken = 0;

port.on('message', (request: DecodeRequest) => {
  switch (request.kind) {
    case 'decode':
      void run(request);
      break;
    case 'begin':
      answer?.(request.sizeIsKnown);
      break;
    case 'proceed':
      answer?.(request.go);
      break;
    case 'taken':
      untaken--;
      taken?.();
      break;
    case 'bytes':
    case 'broken':
      fed?.(request);
      break;
  }
});

/** What came for a `pull`. */
type Fed = Extract<DecodeRequest, { readonly kind: 'bytes' | 'broken' }>;

/** What holds for all that is in an input. */
interface Context {
  readonly options: DecodeOptions;
  readonly ahead: number;
  readonly budget: UnpackBudget;
}

async function run(request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  untaken = 0;
  try {
    if (request.file === null) return await decodeStream(request);
    const file = await SourceFile.of(request.file);
    try {
      await decodeFile(file, request);
    } finally {
      await file.close();
    }
  } catch (error) {
    send(failure(error));
  }
}

async function decodeFile(file: SourceFile, request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  const context: Context = {
    options: request.format === null ? {} : { format: parseFormat(request.format) },
    ahead: request.ahead,
    budget: new UnpackBudget(file.size),
  };
  const { random, size } = file;
  if (size <= SMALL_BYTES) {
    const bytes = await file.whole();
    await file.checkUnchanged();
    const opened = await openInput({ bytes: singleChunk(bytes), random, layers: 0 }, context.budget);
    if (opened.kind === 'archive') return decodeArchive(opened, '', context);
    return decodeSmall(bytes, opened, request.sizeIsKnown, context);
  }
  let hashed = new HashedBytes(file.stream());
  let opened = await openInput({ bytes: hashed, random, layers: 0 }, context.budget);
  if (opened.kind === 'archive') return decodeArchive(opened, '', context);
  if (request.sizeIsKnown) {
    // What is in already is not decoded again: its content is looked at first.
    await opened.close();
    const { sha256 } = await hashed.finish();
    if (!(await asked({ kind: 'hashed', sha256 }))) return send({ kind: 'skipped' });
    hashed = new HashedBytes(file.stream());
    opened = await openInput({ bytes: hashed, random, layers: 0 }, context.budget);
    if (opened.kind === 'archive') throw new Error('the file became an archive');
  }
  const source = hashed;
  await deliver(
    opened.parts(context.options),
    context.ahead,
    () => source.size,
    async () => {
      const id = await source.finish();
      await file.checkUnchanged();
      return id;
    },
  );
}

/** Bytes that can be read once, in order. */
async function decodeStream(request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  const budget = new UnpackBudget();
  const options = request.format === null ? {} : { format: parseFormat(request.format) };
  const context: Context = { options, ahead: request.ahead, budget };
  const hashed = new HashedBytes(budget.packed(pulledBytes()));
  let gathered: GatheredBytes | null = null;
  try {
    // What may be in already is read to its end before it is decoded.
    if (request.sizeIsKnown) gathered = await gatherBytes(hashed);
    const random = gathered?.random ?? null;
    const bytes = random === null ? hashed : inOrder(random);
    const opened = await openInput({ bytes, random, layers: 0 }, budget);
    if (opened.kind === 'archive') return await decodeArchive(opened, '', context);
    if (random !== null) {
      const { sha256 } = await hashed.finish();
      if (!(await asked({ kind: 'hashed', sha256 }))) {
        await opened.close();
        return send({ kind: 'skipped' });
      }
    }
    await deliver(
      opened.parts(options),
      request.ahead,
      () => hashed.size,
      () => hashed.finish(),
    );
  } finally {
    await hashed.close();
    await gathered?.close();
  }
}

/** The stream that is decoded, a piece at a time. Throws what its source throws. */
async function* pulledBytes(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const coming = new Promise<Fed>((resolve) => (fed = resolve));
    send({ kind: 'pull' });
    const more = await coming;
    if (more.kind === 'broken') throw new PeepholeError(errorCodeOf(more.code), more.message);
    if (more.bytes === null) return;
    yield more.bytes;
  }
}

type Records = OpenedInput & { kind: 'records' };

/** Decodes what is in memory. */
async function decodeSmall(
  bytes: Uint8Array,
  records: Records,
  sizeIsKnown: boolean,
  { options, ahead }: Context,
): Promise<void> {
  const id = contentIdOf(bytes);
  if (sizeIsKnown && !(await asked({ kind: 'hashed', sha256: id.sha256 }))) return send({ kind: 'skipped' });
  await deliver(
    records.parts(options),
    ahead,
    () => bytes.length,
    () => id,
  );
}

/** The files in an archive: one that can't be read fails alone. `path`: of the archive within its own, with a `/` at its end. */
async function decodeArchive(
  { members, layers }: OpenedInput & { kind: 'archive' },
  path: string,
  context: Context,
): Promise<void> {
  let count = 0;
  for await (const member of members) {
    count += 1;
    await decodeMember(member, `${path}${member.name}`, layers, context);
  }
  if (count === 0)
    throw new PeepholeError('unreadable_input', 'The archive holds no files.', {
      notFlowLogs: true,
      kind: 'an empty archive',
    });
  if (path === '') send({ kind: 'end' });
}

async function decodeMember(
  member: ArchiveMember,
  name: string,
  layers: number,
  context: Context,
): Promise<void> {
  const hashed = new HashedBytes(member.bytes);
  let gathered: GatheredBytes | null = null;
  // An archive in the archive is no input itself: it is looked into before anybody is told of it.
  let told = false;
  const begin = async (): Promise<boolean> => {
    told = true;
    return asked({ kind: 'member', name, size: member.size });
  };
  try {
    // What may be in already is read to its end before it is decoded; and something small costs nothing.
    const whole = member.size <= SMALL_BYTES || (await asked({ kind: 'sized', size: member.size }));
    if (whole) gathered = await gatherBytes(hashed);
    const random = gathered?.random ?? null;
    const bytes = random === null ? hashed : inOrder(random);
    const opened = await openInput({ bytes, random, layers }, context.budget);
    if (opened.kind === 'archive') return await decodeArchive(opened, `${name}/`, context);
    const sizeIsKnown = await begin();
    if (whole && sizeIsKnown) {
      const { sha256 } = await hashed.finish();
      if (!(await asked({ kind: 'hashed', sha256 }))) {
        await opened.close();
        return send({ kind: 'skipped' });
      }
    }
    await deliver(
      opened.parts(context.options),
      context.ahead,
      () => 0,
      () => hashed.finish(),
    );
  } catch (error) {
    if (!told) await begin();
    send(failure(error));
  } finally {
    await hashed.close();
    await gathered?.close();
  }
}

/** Hands over each part but the last, which goes with `done`. */
async function deliver(
  parts: AsyncIterable<DecodedPart>,
  ahead: number,
  bytesRead: () => number,
  finish: () => ContentId | Promise<ContentId>,
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

async function asked(question: DecodeEvent): Promise<boolean> {
  const answered = new Promise<boolean>((resolve) => (answer = resolve));
  send(question);
  return answered;
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
