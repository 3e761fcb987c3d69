/**
 * The entry of a decoding thread: reads an input (a file that was handed to it, or bytes that it asks for), knows it by
 * its SHA-256, decodes it and hands the parts over, some at most before they are taken, so that memory stays bounded. The files in an archive are inputs
 * as well, one after another.
 */
import { parentPort } from 'node:worker_threads';
import type { ArchiveMember } from '../decode/container/archive-member.ts';
import { singleChunk } from '../decode/container/peek.ts';
import { gatherBytes, inOrder, type GatheredBytes } from '../decode/container/random-bytes.ts';
import { UnpackBudget } from '../decode/container/unpack-budget.ts';
import { notFlowLogs } from '../decode/kinds/flow-evidence.ts';
import { openInput, type DecodeOptions, type OpenedInput } from '../decode/decode.ts';
import { parseFormat } from '../decode/field-layout.ts';
import { DecodePort } from './decode-port.ts';
import type { DecodeRequest } from './decode-protocol.ts';
import { HashedBytes, contentIdOf } from './hashed-bytes.ts';
import { decodeSmallFiles } from './small-files.ts';
import { SourceFile } from './source-file.ts';

/** Inputs up to this are read at once. */
const SMALL_BYTES = 8 * 1024 * 1024;

/** What holds for all that is in an input. */
interface Context {
  readonly options: DecodeOptions;
  readonly ahead: number;
  readonly budget: UnpackBudget;
}

if (parentPort === null) throw new Error('decode-worker runs as a worker thread');
const port = new DecodePort(
  parentPort,
  (request) => void run(request),
  ({ files, format }) => decodeSmallFiles(files, format),
);

async function run(request: DecodeRequest & { kind: 'decode' }): Promise<void> {
  try {
    if (request.file === null) return await decodeStream(request);
    const file = await SourceFile.of(request.file);
    try {
      await decodeFile(file, request);
    } finally {
      await file.close();
    }
  } catch (error) {
    port.fail(error);
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
    if (!(await port.ask({ kind: 'hashed', sha256 }))) return port.send({ kind: 'skipped' });
    hashed = new HashedBytes(file.stream());
    opened = await openInput({ bytes: hashed, random, layers: 0 }, context.budget);
    if (opened.kind === 'archive') throw new Error('the file became an archive');
  }
  const source = hashed;
  await port.deliver(
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
  const hashed = new HashedBytes(budget.packed(port.pulledBytes()));
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
      if (!(await port.ask({ kind: 'hashed', sha256 }))) {
        await opened.close();
        return port.send({ kind: 'skipped' });
      }
    }
    await port.deliver(
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

type Records = OpenedInput & { kind: 'records' };

/** Decodes what is in memory. */
async function decodeSmall(
  bytes: Uint8Array,
  records: Records,
  sizeIsKnown: boolean,
  { options, ahead }: Context,
): Promise<void> {
  const id = contentIdOf(bytes);
  if (sizeIsKnown && !(await port.ask({ kind: 'hashed', sha256: id.sha256 })))
    return port.send({ kind: 'skipped' });
  await port.deliver(
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
  if (count === 0) throw notFlowLogs('an empty archive');
  if (path === '') port.send({ kind: 'end' });
}

async function decodeMember(
  member: ArchiveMember,
  name: string,
  layers: number,
  context: Context,
): Promise<void> {
  const hashed = new HashedBytes(member.bytes);
  let gathered: GatheredBytes | null = null;
  // An archive inside the archive is not an input itself: it is opened before the main thread is notified.
  let announced = false;
  const begin = async (): Promise<boolean> => {
    announced = true;
    return port.ask({ kind: 'member', name, size: member.size });
  };
  try {
    // What may be in already is read to its end before it is decoded; and something small costs nothing.
    const whole = member.size <= SMALL_BYTES || (await port.ask({ kind: 'sized', size: member.size }));
    if (whole) gathered = await gatherBytes(hashed);
    const random = gathered?.random ?? null;
    const bytes = random === null ? hashed : inOrder(random);
    const opened = await openInput({ bytes, random, layers }, context.budget);
    if (opened.kind === 'archive') return await decodeArchive(opened, `${name}/`, context);
    const sizeIsKnown = await begin();
    if (whole && sizeIsKnown) {
      const { sha256 } = await hashed.finish();
      if (!(await port.ask({ kind: 'hashed', sha256 }))) {
        await opened.close();
        return port.send({ kind: 'skipped' });
      }
    }
    await port.deliver(
      opened.parts(context.options),
      context.ahead,
      () => 0,
      () => hashed.finish(),
    );
  } catch (error) {
    if (!announced) await begin();
    port.fail(error);
  } finally {
    await hashed.close();
    await gathered?.close();
  }
}
