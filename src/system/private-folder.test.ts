import { chmod, chown, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { checkOwnFolder, makeFolderPrivate } from './private-folder.ts';

const folder = useTempFolder();
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

async function made(name: string, bits: number, holds: readonly string[] = []): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  for (const file of holds) await writeFile(join(path, file), '');
  await chmod(path, bits);
  return path;
}

// Windows has no such modes; only root can give a folder to somebody else.
describe.skipIf(process.platform === 'win32')('a folder for a store', () => {
  test.each([
    ['empty', 0o755, [], '700'],
    ['store', 0o777, ['CURRENT', 'flows-000001.duckdb', 'notes.txt'], '700'],
    ['begun', 0o775, ['tmp', 'incoming', 'flows-000001.duckdb', 'flows-000001.duckdb.wal'], '700'],
    ['readonly', 0o555, ['CURRENT'], '500'],
    ['closed', 0o700, ['other'], '700'],
  ])('%s is closed to others', async (name, bits, holds, then) => {
    const path = await made(name, bits, holds);
    makeFolderPrivate(path);
    expect(await mode(path)).toBe(then);
  });

  test.each([
    ['project', 0o755, ['README.md']],
    ['tmp', 0o1777, []],
  ])('%s is not closed, since others need it, but refused', async (name, bits, holds) => {
    const path = await made(name, bits, holds);
    expect(() => makeFolderPrivate(path)).toThrow(/open to other users and holds other things/);
    expect(await mode(path)).toBe(bits.toString(8));
  });

  test.skipIf(process.getuid?.() !== 0)('of another user is refused', async () => {
    const path = await made('theirs', 0o755);
    await chown(path, 12_345, 12_345);
    expect(() => makeFolderPrivate(path)).toThrow(/belongs to another user/);
    expect(() => checkOwnFolder(path)).toThrow(/not a folder of this user/);
    expect(await mode(path)).toBe('755');
  });
});

describe.skipIf(process.platform === 'win32')('a folder where every user may make folders', () => {
  test('is closed if it is ours', async () => {
    const path = await made('ours', 0o755);
    checkOwnFolder(path);
    expect(await mode(path)).toBe('700');
  });

  test('is refused if it is a link, a file, or not there', async () => {
    const target = await made('target', 0o700);
    const link = join(folder.path, 'link');
    await symlink(target, link);
    expect(() => checkOwnFolder(link)).toThrow(/not a folder of this user/);
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    expect(() => checkOwnFolder(file)).toThrow(/not a folder of this user/);
  });
});
