import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';
import { DuckDbStore } from '../duckdb/duckdb-store.ts';
import { Store } from '../duckdb/store.ts';
import { checkFolder, markFolder } from './folder-owner.ts';
import { OpenBatches } from './open-batches.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-owner-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = (): Parameters<typeof Store.open>[0] => ({
  folder,
  memoryBytes: 256 * 1024 ** 2,
  threads: 1,
});

async function inFolder(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await Store.open(options(), 'hours');
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

test('a folder of a data source is none of another, nor a store of files', async () => {
  await inFolder(async (store) => {
    await checkFolder(store, 'flows');
    await markFolder(store, 'flows');
    await markFolder(store, 'flows');
  });
  await inFolder(async (store) => {
    await checkFolder(store, 'flows');
    await expect(checkFolder(store, 'others')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('belongs to the data source flows, not to others'),
    });
  });
  await expect(DuckDbStore.open(options())).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('belongs to a store in Druid, data source flows'),
  });
});

test('a folder that an earlier version made for Druid is known by its tables', async () => {
  await inFolder(async (store) => void (await OpenBatches.load(store)));
  await expect(DuckDbStore.open(options())).rejects.toMatchObject({
    message: expect.stringContaining('belongs to a store in Druid.'),
  });
  await inFolder((store) => checkFolder(store, 'flows'));
});

test('a store of files with inputs is none of Druid’s', async () => {
  const store = await DuckDbStore.open(options());
  await store.write(async (batch) => batch.close(batch.open(), ledgerEntry('a')));
  await store.close();
  await inFolder(async (file) => {
    await expect(checkFolder(file, 'flows')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('a store of files'),
    });
  });
  await (await DuckDbStore.open(options())).close();
});
