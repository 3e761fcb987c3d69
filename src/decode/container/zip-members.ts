import { crc32 } from 'node:zlib';
import { fromBufferPromise, fromFdPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import { PeepholeError } from '../../model/errors.ts';
import { notFlowLogs } from '../kinds/flow-evidence.ts';
import { isReadable, memberLimit, readableName, type ArchiveMember } from './archive-member.ts';
import type { RandomBytes } from './random-bytes.ts';
import { unzstd } from './unzstd.ts';

const ZSTD = 93;
const METHODS: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  95: 'xz',
  98: 'PPMd',
};
/** The first file of an Office document, by which such a zip archive is known. */
const OFFICE = new Set(['[Content_Types].xml', 'mimetype']);

/**
 * The files in a zip archive, by its own list of them, one after another.
 *
 * @throws PeepholeError `unreadable_input` if the list can't be read, or the archive is an Office document.
 */
export async function* zipMembers(archive: RandomBytes): AsyncGenerator<ArchiveMember> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false } as const;
  const zip = await listed(() =>
    archive.kind === 'file' ? fromFdPromise(archive.fd, options) : fromBufferPromise(archive.bytes, options),
  );
  const entries = zip.eachEntry();
  const counted = memberLimit();
  for (;;) {
    const next = await listed(() => entries.next());
    if (next.done === true) return;
    const entry = next.value;
    const name = getFileNameLowLevel(
      entry.generalPurposeBitFlag,
      entry.fileNameRaw,
      entry.extraFields,
      false,
    );
    if (OFFICE.has(name)) throw notFlowLogs('a document of Office (save its sheet as CSV)');
    if (!isReadable(name)) continue;
    counted();
    yield { name: readableName(name), size: entry.uncompressedSize, bytes: content(zip, entry) };
  }
}

async function* content(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted())
    throw unreadable('The file is encrypted in the zip archive: unpack it with its password first.');
  const method = entry.compressionMethod;
  if (method !== ZSTD && !entry.canDecodeFileData()) {
    const named = METHODS[method] ?? `method ${method}`;
    throw unreadable(
      `The file is compressed in the zip archive with ${named}, which can't be read here: unpack it first.`,
    );
  }
  try {
    let checksum = 0;
    let size = 0;
    for await (const chunk of unpacked(zip, entry)) {
      checksum = crc32(chunk, checksum);
      size += chunk.length;
      if (size > entry.uncompressedSize) throw new Error('more than it says');
      yield chunk;
    }
    if (checksum !== entry.crc32 || size !== entry.uncompressedSize)
      throw new Error('another checksum or size');
  } catch (error) {
    if (error instanceof PeepholeError) throw error;
    throw unreadable('The file is corrupt in the zip archive. Fetch the archive again.', error);
  }
}

async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const isZstd = entry.compressionMethod === ZSTD;
  const stream = await zip.openReadStreamPromise(entry, isZstd ? { decodeFileData: false } : {});
  try {
    const bytes = stream as AsyncIterable<Uint8Array>;
    yield* isZstd ? unzstd(bytes) : bytes;
  } finally {
    stream.destroy();
  }
}

async function listed<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    if (/encrypt/i.test(why)) {
      throw unreadable('The zip archive is encrypted: unpack it with its password first.', error);
    }
    if (/multi-disk/i.test(why)) {
      throw unreadable('This is one part of a zip archive in several files: put them together first.', error);
    }
    throw unreadable(
      "The zip archive is incomplete or corrupt: its list of files can't be read. Fetch it again.",
      error,
    );
  }
}

function unreadable(message: string, cause?: unknown): PeepholeError {
  return new PeepholeError('unreadable_input', message, {}, { cause });
}
