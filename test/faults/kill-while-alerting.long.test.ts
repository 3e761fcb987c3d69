import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AlertMessage } from '../../src/alerts/alert-message.ts';
import { httpReceiver, type HttpReceiver } from '../alerts/receivers.ts';
import { peephole, start } from '../support/cli.ts';
import { logFile } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const folder = useTempFolder();
const path = (name: string): string => join(folder.path, name);
let receiver: HttpReceiver;
let server: ChildProcess | null = null;

beforeAll(async () => {
  receiver = await httpReceiver();
  await writeFile(path('a.log'), logFile(10));
  await peephole(['ingest', '--quiet', '--store', path('store'), path('a.log')]);
  const channel = { name: 'hook', kind: 'webhook', url: receiver.url };
  await writeFile(path('config.json'), JSON.stringify({ url: 'https://page.example', channels: [channel] }));
});
afterEach(async () => {
  await end('SIGKILL');
});
afterAll(() => receiver.close());

async function serve(): Promise<string> {
  server = start(['serve', '--port', '0', '--store', path('store'), '--config', path('config.json')]);
  const [address] = (await once(server.stdout as NonNullable<typeof server.stdout>, 'data')) as [Buffer];
  return address.toString('utf8').trim();
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = server;
  server = null;
  if (child === null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

async function state(url: string): Promise<unknown> {
  const statuses = (await (await fetch(new URL('/api/v1/alert-states', url))).json()) as readonly {
    readonly state: string;
  }[];
  return statuses[0]?.state;
}

/** Makes the alert, or gives it another condition: the newest flow is older by far. */
async function putAlert(url: string, lasting: string): Promise<number> {
  const put = await fetch(new URL('/api/v1/alerts/no-logs', url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'No logs', condition: { kind: 'no_logs', lasting }, channels: ['hook'] }),
  });
  return put.status;
}

test('a server that is killed while a message waits loses none, and the next one repeats none', async () => {
  let url = await serve();
  receiver.answer = 500;
  expect(await putAlert(url, 'PT1H')).toBe(201);
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => state(url)).toBe('firing');
  await end('SIGKILL');
  const tries = receiver.received.length;
  receiver.answer = 200;
  url = await serve();
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(tries + 1);
  const messages = receiver.received.map(({ body }) => JSON.parse(body) as AlertMessage);
  expect(new Set(messages.map(({ key }) => key)).size).toBe(1);
  expect(messages.at(-1)).toMatchObject({ state: 'firing', link: 'https://page.example/sources' });
  await expect
    .poll(async () => JSON.stringify(await (await fetch(new URL('/api/v1/alert-states', url))).json()), {
      timeout: 30_000,
    })
    .toContain('"waiting":[]');
  // An orderly end, and one more server: it has nothing to send.
  await end('SIGTERM');
  url = await serve();
  const { stdout } = await peephole(['alerts', 'list', '--json', '--store', path('store')]);
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'no-logs', state: 'firing', waiting: [] }]);
  await expect.poll(() => state(url)).toBe('firing');
  expect(receiver.received).toHaveLength(tries + 1);
}, 180_000);

test('a firing alert whose condition is changed while its channel fails, and the server is killed: who drops what it has, by its key, knows that it fires', async () => {
  let url = await serve();
  await expect.poll(() => state(url)).toBe('firing');
  const before = receiver.received.length;
  receiver.answer = 500;
  expect(await putAlert(url, 'PT2H')).toBe(200);
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBeGreaterThan(before);
  await expect.poll(() => state(url), { timeout: 60_000 }).toBe('firing');
  await end('SIGKILL');
  receiver.answer = 200;
  url = await serve();
  const waiting = async (): Promise<string> => (await fetch(new URL('/api/v1/alert-states', url))).text();
  await expect.poll(waiting, { timeout: 60_000 }).toContain('"waiting":[]');
  const messages = receiver.received.map(({ body }) => JSON.parse(body) as AlertMessage);
  const known = [...new Map(messages.map((message) => [message.key, message])).values()];
  expect(known).toMatchObject([
    { state: 'firing', threshold: 3600 },
    { state: 'ok', note: 'The condition of the alert was changed.' },
    { state: 'firing', threshold: 7200 },
  ]);
}, 180_000);

test('two servers of one store: one looks, and the other takes over when it ends', async () => {
  await serve();
  const second = start(['serve', '--port', '0', '--store', path('store'), '--config', path('config.json')]);
  try {
    const [address] = (await once(second.stdout as NonNullable<typeof second.stdout>, 'data')) as [Buffer];
    const url = address.toString('utf8').trim();
    const acknowledge = async (): Promise<number> => {
      const reply = await fetch(new URL('/api/v1/alert-states/no-logs/acknowledge', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ note: 'mine' }),
      });
      return reply.status;
    };
    expect(await state(url)).toBe('firing');
    expect(await acknowledge()).toBe(503);
    await end('SIGKILL');
    await expect.poll(acknowledge, { timeout: 60_000, interval: 500 }).toBe(204);
  } finally {
    const closed = once(second, 'close');
    second.kill('SIGKILL');
    await closed;
  }
}, 120_000);
