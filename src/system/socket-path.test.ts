import { chmod, mkdir, realpath, stat, symlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { socketPath } from './socket-path.ts';

const folder = useTempFolder();
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder whose path is too long for a socket, and a folder for temporary files. */
async function places(name: string): Promise<readonly [store: string, tmp: string]> {
  const store = join(folder.path, name, 'x'.repeat(100));
  const tmp = join(folder.path, `${name}-tmp`);
  await mkdir(store, { recursive: true });
  await mkdir(tmp);
  vi.stubEnv('TMPDIR', tmp);
  return [store, tmp];
}

const mine = `peephole-${userInfo().uid}`;

test('is in the store where its path is short', async () => {
  expect(socketPath(folder.path)).toBe(join(await realpath(folder.path), 'peephole.sock'));
});

test.skipIf(process.platform === 'win32')('is in a folder of the user alone where it is long', async () => {
  const [store, tmp] = await places('long');
  const path = socketPath(store);
  expect(path).toMatch(new RegExp(`^${join(tmp, mine)}/[0-9a-f]{16}\\.sock$`));
  expect((await stat(join(tmp, mine))).mode & 0o777).toBe(0o700);
  expect(socketPath(store)).toBe(path);
  await chmod(join(tmp, mine), 0o777);
  socketPath(store);
  expect((await stat(join(tmp, mine))).mode & 0o777).toBe(0o700);
});

test.skipIf(process.platform === 'win32')('is not where somebody else laid a link', async () => {
  const [store, tmp] = await places('trap');
  await mkdir(join(tmp, 'theirs'));
  await symlink(join(tmp, 'theirs'), join(tmp, mine));
  expect(() => socketPath(store)).toThrow(/not a folder of this user/);
  const [other, place] = await places('dangling');
  await symlink(join(place, 'nowhere'), join(place, mine));
  expect(() => socketPath(other)).toThrow(/not a folder of this user/);
});
