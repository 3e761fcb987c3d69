import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { dataFolder, storeFolder } from './store-location.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the default data folder', () => {
  const home = join(homedir(), '.local', 'share', 'peephole');

  test.each([
    [{}, 'linux', home],
    [{ XDG_DATA_HOME: '/data' }, 'linux', join('/data', 'peephole')],
    [{ XDG_DATA_HOME: '' }, 'linux', home],
    [{ XDG_DATA_HOME: 'data' }, 'linux', home],
    [{ XDG_DATA_HOME: '/data' }, 'darwin', join(homedir(), 'Library', 'Application Support', 'peephole')],
    [{ LOCALAPPDATA: '' }, 'win32', join(homedir(), 'AppData', 'Local', 'peephole')],
  ] as const)('with %o on %s', (env, platform, folder) => {
    expect(dataFolder(env, platform)).toBe(folder);
  });

  test('the store is the option, else the environment variable, else in the default folder', () => {
    vi.stubEnv('PEEPHOLE_STORE', 'mine');
    expect(storeFolder('other')).toBe(resolve('other'));
    expect(storeFolder(undefined)).toBe(resolve('mine'));
    vi.stubEnv('PEEPHOLE_STORE', '');
    expect(storeFolder(undefined, 'demo')).toBe(join(dataFolder(), 'demo'));
  });
});
