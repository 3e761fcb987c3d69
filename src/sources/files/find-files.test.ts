import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFiles } from './find-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peephole-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), name);
  }
}

const find = async (
  names: readonly string[],
  except = '/nowhere',
): Promise<{ files: readonly string[]; missing: readonly string[] }> => {
  const { inputs, missing } = await findFiles(names, folder, except);
  return {
    files: inputs.map(({ path }) => path.slice(folder.length + 1)),
    missing: missing.map(({ name }) => name.replace(`${folder}/`, '')),
  };
};

describe('the files that names match', () => {
  test('are ordered by the time in their names, then by path, each once', async () => {
    await put(
      'b/x_20180620T0005Z_1.log',
      'a/x_20180620T0010Z_1.log',
      'a/x_20180620T0005Z_2.log',
      'a/.hidden',
      '.git/x',
    );
    expect(await find(['.', 'a', 'a/x_20180620T0005Z_2.log'])).toEqual({
      files: ['a/x_20180620T0005Z_2.log', 'b/x_20180620T0005Z_1.log', 'a/x_20180620T0010Z_1.log'],
      missing: [],
    });
  });

  test('links are followed, but not in circles; broken links are reported', async () => {
    await put('logs/a.log', 'elsewhere/b.log');
    await symlink('.', join(folder, 'logs/loop'));
    await symlink('../elsewhere', join(folder, 'logs/more'));
    await symlink('gone', join(folder, 'logs/broken'));
    expect(await find(['logs'])).toEqual({
      files: ['logs/a.log', 'logs/more/b.log'],
      missing: ['logs/broken'],
    });
  });

  test.skipIf(process.platform === 'win32')(
    'what is not a regular file is said, not waited for (there are no pipes to make on Windows)',
    async () => {
      await put('logs/a.log');
      execFileSync('mkfifo', [join(folder, 'logs/pipe')]);
      expect(await find(['logs', 'logs/pipe'])).toEqual({
        files: ['logs/a.log'],
        missing: ['logs/pipe', 'logs/pipe'],
      });
    },
  );

  test('exclude the store itself', async () => {
    await put('logs/a.log', 'logs/store/flows.duckdb');
    expect(await find(['.'], join(folder, 'logs/store'))).toEqual({ files: ['logs/a.log'], missing: [] });
  });

  test('a name without a match is reported, and an empty name is an error', async () => {
    await put('a.log');
    expect(await find(['a.log', 'b.log', '*.gz'])).toEqual({ files: ['a.log'], missing: ['b.log', '*.gz'] });
    await expect(find([''])).rejects.toMatchObject({ code: 'usage' });
  });
});
