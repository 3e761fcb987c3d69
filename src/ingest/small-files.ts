import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { decodeSmall } from '../decode/decode-small.ts';
import { BATCH_ROWS } from '../decode/decode.ts';
import { parseFormat } from '../decode/field-layout.ts';
import { SMALL_FILE_BYTES, type SmallFile, type SmallOutcome } from './decode-protocol.ts';
import { contentIdOf } from './hashed-bytes.ts';

/** Without waiting for whoever writes, should the file have become a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

let room: Buffer | null = null;

/**
 * Reads and decodes small files, in a decoding thread. Waiting for each step of each file, as for large ones, takes longer than the
 * steps. It stops when there are as many records as a part may have.
 */
export function decodeSmallFiles(
  files: readonly SmallFile[],
  format: string | null,
): readonly SmallOutcome[] {
  const layout = format === null ? undefined : parseFormat(format);
  const outcomes: SmallOutcome[] = [];
  let records = 0;
  for (const file of files) {
    if (records >= BATCH_ROWS) break;
    const outcome = decodeFile(file, layout);
    if (outcome.kind === 'decoded') records += outcome.part.flows.rows + outcome.part.coverage.rows;
    outcomes.push(outcome);
  }
  return outcomes;
}

function decodeFile({ path, known }: SmallFile, layout: Parameters<typeof decodeSmall>[1]): SmallOutcome {
  const bytes = readWhole(path);
  if (bytes === null) return { kind: 'alone' };
  const id = contentIdOf(bytes);
  if (known.includes(id.sha256)) return { kind: 'known' };
  const part = decodeSmall(bytes, layout);
  return part === null ? { kind: 'alone' } : { kind: 'decoded', part, ...id };
}

/** What is in a file, valid until the next is read; null if it can't be read, is too large, or was changed meanwhile. */
function readWhole(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, OPEN_FLAGS);
  } catch {
    return null;
  }
  try {
    const before = fstatSync(fd);
    if (!before.isFile() || before.size > SMALL_FILE_BYTES) return null;
    room ??= Buffer.allocUnsafeSlow(SMALL_FILE_BYTES);
    let filled = 0;
    while (filled < before.size) {
      const read = readSync(fd, room, filled, before.size - filled, filled);
      if (read === 0) return null;
      filled += read;
    }
    const after = fstatSync(fd);
    return after.size === before.size && after.mtimeMs === before.mtimeMs ? room.subarray(0, filled) : null;
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
