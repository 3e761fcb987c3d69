import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { decode } from '../../src/decode/decode.ts';
import { chunked } from '../../src/decode/fixtures/decode-all.ts';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { FlowWriter } from '../../src/engine/flow-writer.ts';
import { ledgerEntry } from './ledger-entry.ts';

const CHUNK_BYTES = 65_536;

/**
 * Hands a new store that holds these logs to `use`, and closes it afterwards. Each text is an input. They are decoded
 * in this process: starting a decoding thread takes longer than all that it would decode here, and the tests of ingest
 * are elsewhere.
 */
export async function withLoggedStore<T>(
  folder: string,
  texts: readonly string[],
  use: (store: DuckDbStore) => Promise<T>,
): Promise<T> {
  const store = await DuckDbStore.open({
    folder: join(folder, `store-${randomUUID()}`),
    memoryBytes: 256 * 1024 ** 2,
    threads: 1,
  });
  try {
    for (const text of texts) await writeLog(store, text);
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Writes one text of logs, in any form that ingest reads, as one input. */
async function writeLog(store: FlowWriter, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await store.write(async (batch) => {
    const input = batch.open();
    for await (const part of decode(chunked(bytes, CHUNK_BYTES))) await batch.append(input, part);
    batch.close(input, ledgerEntry(sha256, { size: bytes.length }));
  });
}
