import { Readable } from 'node:stream';
import { openFile } from '../files/open-file.ts';
import { spoolStream } from '../files/spool-stream.ts';
import type { InputBytes } from '../input.ts';
import { readObject, type ObjectToRead } from './object-bytes.ts';

/** Larger objects are kept in a file. */
const MOST_IN_MEMORY = 1_048_576;

/**
 * Fetches an object to its end, however slowly it comes: who reads its bytes then may hold a transaction open, which nobody
 * else's writing waits for. What is larger than a mebibyte lies in a file without a name, which goes when it is closed.
 *
 * @throws PeepholeError as `readObject` and `spoolStream`
 */
export async function fetchObject(object: ObjectToRead, size: number): Promise<InputBytes> {
  const stream = await readObject(object);
  if (size <= MOST_IN_MEMORY) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return { kind: 'stream', stream: Readable.from(chunks) };
  }
  const spooled = await spoolStream(Readable.from(stream));
  try {
    return await openFile(spooled.path);
  } finally {
    await spooled.remove();
  }
}
