import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serveHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

describe('peephole serve', () => {
  test('shows the token that it made, whatever messages are wanted', async () => {
    const { url, stderr, stop } = await serveHere(path('token'), ['--quiet', '--host', '0.0.0.0']);
    const { port } = new URL(url);
    const ask = async (password: string): Promise<number> => {
      const headers = { authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` };
      return (await fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers })).status;
    };
    const token = /password .*: (\S+)/.exec(stderr)?.[1] ?? '';
    try {
      expect([await ask('guess'), await ask(token)]).toEqual([401, 200]);
    } finally {
      await stop();
    }
  });
});
