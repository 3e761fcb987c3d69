import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { logFile } from '../../test/support/log-lines.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { DuckDbStore } from '../engine/duckdb/duckdb-store.ts';
import { findFiles } from '../sources/files/find-files.ts';
import { ingest } from './ingest.ts';

const temp = useTempFolder();

/** A file of each kind, by its number: what is decoded together with others, and what is not. */
function content(n: number): string | Buffer {
  const log = logFile(10, 1_529_452_800 + n * 3600, n);
  switch (n % 8) {
    case 0:
      return JSON.stringify({
        logEvents: log
          .split('\n')
          .slice(1, 11)
          .map((message) => ({ id: '1', timestamp: 1, message })),
      });
    case 1:
      return gzipSync(log).subarray(0, 100);
    case 2:
      return gzipSync(gzipSync(log));
    case 3:
      return 'no log at all\n';
    case 4:
      return log;
    default:
      return gzipSync(log);
  }
}

test('small files of all kinds go in once, by several threads, and those that fail fail alone', async () => {
  const store = await DuckDbStore.open({
    folder: join(temp.path, 'store'),
    memoryBytes: 256 * 1024 * 1024,
    threads: 2,
  });
  try {
    for (let n = 0; n < 160; n++) await writeFile(join(temp.path, `${n}.log`), content(n));
    await writeFile(join(temp.path, 'copy.log'), content(5));
    const discovered = await findFiles([temp.path], temp.path, join(temp.path, 'store'));
    const progress: number[] = [];
    const report = await ingest(store, discovered, {
      format: null,
      threads: 8,
      onProgress: ({ inputs }) => progress.push(inputs.done),
    });
    expect(report).toMatchObject({
      inputs: 141,
      skipped_inputs: 1,
      failed_inputs: 20,
      flows: 1200,
      quarantined: 0,
    });
    expect(report.ignored).toHaveLength(20);
    expect(progress.at(-1)).toBe(161);
    expect((await store.status()).flows).toBe(1200);
    const again = await ingest(store, discovered, { format: null, threads: 3 });
    expect(again).toMatchObject({ inputs: 141, skipped_inputs: 121, failed_inputs: 20, flows: 0 });
  } finally {
    await store.close();
  }
});

test('a cancelled ingest keeps what is in, and another one brings the rest', async () => {
  const folder = join(temp.path, 'cancelled');
  const store = await DuckDbStore.open({ folder, memoryBytes: 256 * 1024 * 1024, threads: 2 });
  try {
    const discovered = await findFiles([join(temp.path, '*.log')], temp.path, folder);
    const stop = new AbortController();
    stop.abort();
    const cancelled = ingest(store, discovered, { format: null, threads: 4, signal: stop.signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(await ingest(store, discovered, { format: null })).toMatchObject({ flows: 1200 });
  } finally {
    await store.close();
  }
});
