import { appendFile, mkdtemp, open, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SourceFile } from './source-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-source-'));
  path = join(folder, 'a.log');
  await writeFile(path, Buffer.alloc(3_000_000, 'x'));
  // As if written a minute ago, since file times are coarse.
  await utimes(path, new Date(), new Date(Date.now() - 60_000));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function readAll(file: SourceFile, afterFirst: () => Promise<void>): Promise<number> {
  let length = 0;
  for await (const chunk of file.stream()) {
    if (length === 0) await afterFirst();
    length += chunk.length;
  }
  await file.checkUnchanged();
  return length;
}

const changed = {
  code: 'unreadable_input',
  message: expect.stringContaining('was changed while it was read') as unknown,
};

describe('a file that changes while it is read', () => {
  test.each([
    ['is cut short', () => truncate(path, 1_500_000)],
    ['is emptied', () => truncate(path, 0)],
    ['grows', () => appendFile(path, 'more')],
    ['is written anew, as long as before', () => writeFile(path, Buffer.alloc(3_000_000, 'y'))],
  ])('%s: it is not taken for whole', async (_, change) => {
    const file = await SourceFile.of(await open(path));
    await expect(readAll(file, change)).rejects.toMatchObject(changed);
    await file.close();
  });

  test('is truncated before it is read', async () => {
    const file = await SourceFile.of(await open(path));
    await truncate(path, 10);
    await expect(file.whole()).rejects.toMatchObject(changed);
    await file.close();
  });

  test('is replaced by another: the opened file is read to its end', async () => {
    const file = await SourceFile.of(await open(path));
    const other = join(folder, 'b.log');
    await writeFile(other, 'short');
    expect(await readAll(file, () => rename(other, path))).toBe(3_000_000);
    await file.close();
  });

  test('can be read several times if it does not change', async () => {
    const file = await SourceFile.of(await open(path));
    expect(await readAll(file, () => Promise.resolve())).toBe(3_000_000);
    expect(await readAll(file, () => Promise.resolve())).toBe(3_000_000);
    expect((await file.whole()).length).toBe(3_000_000);
    await file.close();
  });
});
