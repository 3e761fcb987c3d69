import { type FileHandle, open } from 'node:fs/promises';

/** The first bytes of a log of version 2, as DuckDB 1.5 writes them: kind 98, version 2. */
const HEADER = Buffer.from([0x64, 0x00, 0x62, 0x65, 0x00, 0x02, 0xff, 0xff]);
/** Before each entry: its size and its checksum, 8 bytes each. The entry begins with the field of its kind. */
const LEAD = 16;
const KIND_FIELD = 0x64;
/** Kinds of entries after which all before is committed: the end of a checkpoint, and of a transaction. */
const BOUNDARIES: ReadonlySet<number> = new Set([99, 100]);

/**
 * Whether a process was killed while it wrote a transaction into the log: then DuckDB (1.5) keeps those of its rows
 * that came in whole row groups, though it was never committed, and a store would have flows that its ledger does not
 * know. To be asked before the file is opened. False where there is no log, or one of a version that we don't know.
 */
export async function hasUncommittedTail(path: string): Promise<boolean> {
  return onLog(path, 'r', async (log) => {
    const { size } = await log.stat();
    const end = await committedEnd(log, size);
    return end !== null && end < size;
  });
}

/** Cuts off what was never committed. Only while nobody writes: whoever calls holds DuckDB's lock on the file. */
export async function cutUncommittedTail(path: string): Promise<void> {
  await onLog(path, 'r+', async (log) => {
    const { size } = await log.stat();
    const end = await committedEnd(log, size);
    if (end === null || end >= size) return false;
    await log.truncate(end);
    await log.sync();
    return true;
  });
}

async function onLog(
  path: string,
  flags: 'r' | 'r+',
  work: (log: FileHandle) => Promise<boolean>,
): Promise<boolean> {
  const log = await open(`${path}.wal`, flags).catch(() => null);
  if (log === null) return false;
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** Where the last committed transaction ends, in bytes from the beginning; null: the log is none that we can read. */
async function committedEnd(log: FileHandle, size: number): Promise<number | null> {
  const bytes = Buffer.alloc(LEAD + 3);
  const read = async (at: number, length: number): Promise<boolean> =>
    (await log.read(bytes, 0, length, at)).bytesRead === length;
  if (!(await read(0, HEADER.length)) || !bytes.subarray(0, HEADER.length).equals(HEADER)) return null;
  let end = HEADER.length;
  for (let at = end; await read(at, bytes.length);) {
    const next = at + LEAD + Number(bytes.readBigUInt64LE(0));
    if (bytes.readUInt16LE(LEAD) !== KIND_FIELD) return null;
    if (next > size) break;
    if (BOUNDARIES.has(bytes.readUInt8(LEAD + 2))) end = next;
    at = next;
  }
  return end;
}
