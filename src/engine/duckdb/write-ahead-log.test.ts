import { copyFile, mkdir, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partOf } from '../../../test/support/batch-of.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { Store } from './store.ts';
import { ledgerEntry } from '../../../test/support/ledger-entry.ts';

const temp = useTempFolder();
const open = (folder: string): Promise<Store> =>
  Store.open({ folder, memoryBytes: 512 * 1024 * 1024, threads: 2 });

async function put(store: Store, name: string, rows: number): Promise<void> {
  await store.write(async (transaction) => {
    const input = transaction.open();
    const flows = Array.from({ length: rows }, (_, i) => ({
      srcaddr: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
      start: 1_529_452_800 + (i % 3600),
      bytes: i,
      action: 'REJECT',
    }));
    await transaction.append(input, partOf(flows));
    transaction.close(input, ledgerEntry(name));
  });
}

/** The number of rows of each table. */
async function counts(folder: string): Promise<unknown> {
  const store = await open(folder);
  try {
    const tables = ['flow', 'input', 'dictionary', 'flow_hour', 'flow_port_day'];
    const list = tables.map((name) => `(SELECT count(*)::INT FROM ${name})`).join(', ');
    return (await store.database.rows(`SELECT ${list}, (SELECT sum(flows)::INT FROM logged_hour)`))[0];
  } finally {
    await store.close();
  }
}

test('a transaction whose write-ahead log is truncated anywhere leaves nothing behind', async () => {
  const folder = join(temp.path, 'store');
  const log = 'flows-000001.duckdb.wal';
  const copyTo = async (to: string): Promise<string> => {
    const copy = join(temp.path, to);
    await mkdir(copy);
    const files = (await readdir(folder)).filter((name) => name === 'CURRENT' || name.includes('.duckdb'));
    for (const name of files) await copyFile(join(folder, name), join(copy, name));
    return copy;
  };
  const store = await open(folder);
  await put(store, 'a', 10);
  const { size: begun } = await stat(join(folder, log));
  const before = await counts(await copyTo('before'));
  // More than a row group, so its rows are in the file before the log commits them.
  await put(store, 'b', 300_000);
  const { size: whole } = await stat(join(folder, log));
  expect(await counts(await copyTo('whole'))).not.toEqual(before);
  const cuts = [
    whole - 1,
    whole - 30,
    whole - 700,
    ...[0.2, 0.5, 0.9].map((share) => begun + Math.floor(share * (whole - begun))),
  ];
  for (const [index, length] of cuts.entries()) {
    const copy = await copyTo(`cut-${index}`);
    await truncate(join(copy, log), length);
    expect(await counts(copy), `cut to ${length} of ${whole} bytes`).toEqual(before);
    // The removal must be permanent, not only for this opening.
    expect(await counts(copy)).toEqual(before);
  }
  await store.close();
});
