import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { start } from '../support/cli.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

describe('peephole serve', () => {
  test('shows the token that it made, whatever messages are wanted', async () => {
    const child = start(['serve', '--quiet', '--host', '0.0.0.0', '--port', '0', '--store', path('token')]);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const [address] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    const { port } = new URL(address.toString('utf8').trim());
    const ask = async (password: string): Promise<number> => {
      const headers = { authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` };
      return (await fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers })).status;
    };
    const token = /password .*: (\S+)/.exec(stderr)?.[1] ?? '';
    expect([await ask('guess'), await ask(token)]).toEqual([401, 200]);
    child.kill('SIGTERM');
    await once(child, 'close');
  });
});
