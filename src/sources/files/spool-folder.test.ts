import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { makeSpoolFolder, removeStaleSpools } from './spool-folder.ts';

const folder = useTempFolder();
beforeAll(() => void vi.stubEnv('TMPDIR', folder.path));
afterAll(() => void vi.unstubAllEnvs());

test('folders of ended processes are removed, but not those of running ones or of other machines', async () => {
  const own = await makeSpoolFolder();
  const [, host = ''] = /^peephole-spool-(.*)-\d+-\w+$/.exec(basename(own.path)) ?? [];
  expect(hostname().replaceAll(/\W/g, '')).toContain(host);
  // A process that has ended.
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const make = async (name: string): Promise<string> => {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'bytes'), 'x');
    return name;
  };
  const gone = await make(`peephole-spool-${host}-${dead}-aaaaaa`);
  // An earlier process with this process id, which is always the same in a container.
  const before = await make(`peephole-spool-${host}-${process.pid}-bbbbbb`);
  const kept = [
    await make(`peephole-spool-${host}-${process.ppid}-cccccc`),
    await make(`peephole-spool-other${host}-${dead}-dddddd`),
    await make(`peephole-spool-${host}-${dead}`),
    basename(own.path),
  ];
  const linked = `peephole-spool-${host}-${dead}-eeeeee`;
  await make('elsewhere');
  await symlink(join(folder.path, 'elsewhere'), join(folder.path, linked));
  expect(await readdir(folder.path)).toEqual(expect.arrayContaining([gone, before]));
  await removeStaleSpools();
  expect((await readdir(folder.path)).toSorted()).toEqual([...kept, linked, 'elsewhere'].toSorted());
  expect(await readdir(join(folder.path, 'elsewhere'))).toEqual(['bytes']);
  await own.remove();
  expect(await readdir(folder.path)).not.toContain(basename(own.path));
});
