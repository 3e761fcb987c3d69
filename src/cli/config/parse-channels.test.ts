import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { parseChannels } from './parse-channels.ts';

const folder = useTempFolder();
afterEach(() => {
  vi.unstubAllEnvs();
});

test('secrets may be in the configuration, the environment or a file', async () => {
  vi.stubEnv('PEEPHOLE_TEST_HOOK', 'https://hooks.example/x');
  const file = join(folder.path, 'key');
  await writeFile(file, 'R123\n');
  expect(
    parseChannels([
      { name: 'a', kind: 'slack', url: { env: 'PEEPHOLE_TEST_HOOK' } },
      { name: 'b', kind: 'pagerduty', routing_key: { file } },
      { name: 'c', kind: 'webhook', url: 'http://localhost:1/x', secret: 's' },
      { name: 'd', kind: 'mail', server: 'smtps://u:p@mail.example', from: 'a@example', to: ['b@example'] },
    ]),
  ).toEqual([
    { name: 'a', kind: 'slack', url: 'https://hooks.example/x' },
    { name: 'b', kind: 'pagerduty', routingKey: 'R123', url: 'https://events.pagerduty.com/v2/enqueue' },
    { name: 'c', kind: 'webhook', url: 'http://localhost:1/x', secret: 's' },
    { name: 'd', kind: 'mail', server: 'smtps://u:p@mail.example', from: 'a@example', to: ['b@example'] },
  ]);
});

test.each([
  [{ name: 'a', kind: 'slak', url: 'https://x' }, 'channels[0].kind'],
  [{ name: ' ', kind: 'slack', url: 'https://x' }, 'channels[0].name'],
  [{ name: 'a', kind: 'slack', url: 'file:///etc/passwd' }, 'channels[0].url'],
  [{ name: 'a', kind: 'slack', url: { env: 'PEEPHOLE_NOT_THERE' } }, 'PEEPHOLE_NOT_THERE'],
  [{ name: 'a', kind: 'webhook', url: 'https://x', secret: { file: 'relative' } }, 'absolute'],
  [{ name: 'a', kind: 'mail', server: 'smtp://x', from: 'a@b', to: [] }, 'channels[0].to'],
  [{ name: 'a', kind: 'mail', server: 'smtp://x', from: 'a@b', to: ['b@c'], url: 'x' }, 'url'],
])('what is wrong is named: %j', (channel, where) => {
  expect(() => parseChannels([channel])).toThrow(where);
});

test('two channels with the same name are refused', () => {
  const one = { name: 'a', kind: 'slack', url: 'https://x' };
  expect(() => parseChannels([one, one])).toThrow('stands there twice');
});
