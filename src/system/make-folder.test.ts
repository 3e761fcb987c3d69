import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { makeFolder } from './make-folder.ts';

const folder = useTempFolder();

test('makes missing folders with the given mode, and leaves existing ones', async () => {
  const deep = join(folder.path, 'a', 'b', 'c');
  makeFolder(deep, 0o700);
  makeFolder(deep, 0o700);
  for (const path of [deep, join(folder.path, 'a')]) {
    const status = await stat(path);
    expect(status.isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(status.mode & 0o777).toBe(0o700);
  }
});

test('ends with the reason where nothing can be made', async () => {
  await writeFile(join(folder.path, 'file'), '');
  await mkdir(join(folder.path, 'there'));
  expect(() => makeFolder(join(folder.path, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder.path, 'file', 'x'))).toThrow(/ENOTDIR/);
  // Node's own way goes round for ever here.
  if (process.platform === 'linux') {
    expect(() => makeFolder('/proc/x')).toThrow(/ENOENT/);
    expect(() => makeFolder('/proc/x/y/z')).toThrow(/ENOENT/);
  }
});
