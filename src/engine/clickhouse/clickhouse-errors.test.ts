import { createServer, type RequestListener } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { ClickHouseServer } from './server.ts';

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

async function addressOf(server: Server): Promise<string> {
  running.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureAt(url: string): Promise<unknown> {
  return ClickHouseServer.connect({ url: `${url}/x`, username: 'default', password: '' }).catch(
    (error: unknown) => error,
  );
}

const answers: readonly (readonly [name: string, answer: RequestListener, said: RegExp])[] = [
  ['a page', (_, response) => response.end('<html><title>Welcome</title></html>\n'), /are no rows/],
  ['other JSON', (_, response) => response.end('{"ok":true}'), /are no rows/],
  ['a refusal', (_, response) => response.writeHead(401).end(), /without a text/],
  [
    'an error as a page',
    (_, response) => response.writeHead(502).end('<html><body>\n<h1>502 Bad Gateway</h1></body></html>'),
    /\(502 Bad Gateway\)/,
  ],
  [
    'another place',
    (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    /without a text/,
  ],
];

test.each(answers)('a server that answers otherwise is told apart from none: %s', async (_, answer, said) => {
  const error = await failureAt(await addressOf(createServer(answer)));
  expect(error).toMatchObject({ code: 'engine_unreachable', message: expect.stringMatching(said) });
  expect(error).toMatchObject({ message: expect.stringMatching(/answers, but not as ClickHouse/) });
});

test('what speaks no HTTP, and what is not there', async () => {
  const ssh = createSocketServer((socket) =>
    socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n', () => socket.destroy()),
  );
  const url = await addressOf(ssh);
  expect(await failureAt(url)).toMatchObject({ message: expect.stringMatching(/not in HTTP/) });
  // No TLS where TLS is spoken.
  expect(await failureAt(url.replace('http', 'https'))).toMatchObject({
    code: 'engine_unreachable',
    message: expect.stringMatching(/not in HTTP|does not answer/),
  });
  ssh.close();
  await once(ssh, 'close');
  expect(await failureAt(url)).toMatchObject({
    code: 'engine_unreachable',
    message: expect.stringMatching(/does not answer \(connect ECONNREFUSED/),
  });
});
