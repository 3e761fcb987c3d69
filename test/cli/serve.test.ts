import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { serveHere } from '../support/run-here.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);

const asUser = (password: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('peephole serve', () => {
  test('shows the token that it made, whatever messages are wanted', async () => {
    const { url, stderr, stop } = await serveHere(path('token'), ['--quiet', '--host', '0.0.0.0']);
    const { port } = new URL(url);
    const ask = async (password: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/api/v1/status`, { headers: asUser(password) })).status;
    const token = /password .*: (\S+)/.exec(stderr)?.[1] ?? '';
    try {
      expect([await ask('guess'), await ask(token)]).toEqual([401, 200]);
    } finally {
      await stop();
    }
  });

  test('asks for a token that is set on loopback too, since a proxy may pass on what comes from anywhere', async () => {
    vi.stubEnv('PEEPHOLE_TOKEN', 'a token of mine');
    const { url, stderr, stop } = await serveHere(path('chosen'), ['--allow-host', 'flows.example']);
    const ask = async (at: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(new URL(at, url), { headers });
    try {
      for (const at of ['/', '/knocks', '/api/v1/status', '/metrics', '/openapi.json', '/nothing']) {
        const refused = await ask(at);
        expect([at, refused.status]).toEqual([at, 401]);
        // So that a browser asks for it.
        expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      }
      expect((await ask('/api/v1/status', asUser('another'))).status).toBe(401);
      expect((await ask('/api/v1/status', asUser('a token of mine'))).status).toBe(200);
      const bearer = { authorization: 'Bearer a token of mine' };
      expect((await ask('/api/v1/status', bearer)).status).toBe(200);
      expect((await ask('/healthz')).status).toBe(200);
      expect(stderr).not.toContain('a token of mine');
      expect(stderr).not.toContain('--allow-host');
    } finally {
      await stop();
    }
  });

  test('says that a proxy lets everybody in where no token is set', async () => {
    const { stderr, stop } = await serveHere(path('open'), ['--allow-host', 'flows.example']);
    await stop();
    expect(stderr).toContain('PEEPHOLE_TOKEN');
    const alone = await serveHere(path('alone'));
    await alone.stop();
    expect(alone.stderr).not.toContain('PEEPHOLE_TOKEN');
  });
});
