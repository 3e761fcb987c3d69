import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { expect, test } from 'vitest';
import { httpAnswer } from '../../src/listen/answers.ts';
import { parseGreetings } from '../../src/listen/greetings.ts';
import type { ListenerOptions } from '../../src/listen/listener.ts';
import { selfSigned } from '../../src/listen/self-signed.ts';
import { isMissing, runClient as run } from '../support/client-programs.ts';
import { listenHere, type Listening, useListeners } from '../support/listening.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const listen = useListeners(() => temp.path);

const tls = (): Partial<ListenerOptions> => ({
  answer: httpAnswer('404'),
  secureContext: createSecureContext({ ...selfSigned(Date.now()), minVersion: 'TLSv1' }),
});

test.skipIf(isMissing('curl'))('curl: HTTP, TLS, HTTP/2, proxies, uploads', async () => {
  const { port, visits } = await listen(tls());
  const options = ['-s', '-k', '-m', 20, '-o', '/dev/null', '-w', '%{http_code}'];
  const to = (scheme: string): string => `${scheme}://metrics.old-tenant.example:${port}/v1/ingest`;
  const named = ['--resolve', `metrics.old-tenant.example:${port}:127.0.0.1`];
  const plain = await run('curl', [...options, ...named, '-d', 'a=1', to('http')]);
  expect(plain.stdout).toBe('404');
  const secure = await run('curl', [...options, ...named, '-A', 'legacy-agent/0.9', to('https')]);
  expect(secure.stdout).toBe('404');
  const large = await run('curl', [
    ...options,
    '--data-binary',
    'x'.repeat(100_000),
    `http://127.0.0.1:${port}/large`,
  ]);
  expect(large.stdout).toBe('404');
  const two = await run('curl', [...options, '--http2-prior-knowledge', `http://127.0.0.1:${port}/two`]);
  expect(two.stdout).toBe('404');
  await run('curl', [...options, '--socks5', `127.0.0.1:${port}`, 'http://inside.example/']);
  const all = await visits(5);
  expect(all.map(({ kind }) => kind).sort()).toEqual(['http', 'http', 'http2', 'socks', 'tls']);
  expect(all.find(({ http }) => http?.body === 'a=1')).toMatchObject({
    http: { method: 'POST', path: '/v1/ingest', host: `metrics.old-tenant.example:${port}` },
    ended: 'answered',
  });
  expect(all.find(({ kind }) => kind === 'http2')).toMatchObject({
    http: { method: 'GET', path: '/two', host: `127.0.0.1:${port}`, version: 'HTTP/2' },
    ended: 'answered',
  });
  expect(all.find(({ kind }) => kind === 'tls')).toMatchObject({
    tls: { server_name: 'metrics.old-tenant.example', completed: true },
    http: { path: '/v1/ingest', user_agent: 'legacy-agent/0.9' },
  });
  expect(all.find(({ http }) => http?.path === '/large')).toMatchObject({
    ended: 'too_many_bytes',
    truncated: true,
  });
});

test.skipIf(isMissing('openssl'))(
  'openssl s_client: each version of TLS, with and without a name',
  async () => {
    const { port, visits } = await listen(tls());
    const options = ['s_client', '-connect', `127.0.0.1:${port}`, '-cipher', 'DEFAULT@SECLEVEL=0'];
    const shown = await run('openssl', [
      ...options,
      '-tls1_2',
      '-servername',
      'a.example',
      '-alpn',
      'http/1.1',
    ]);
    expect(shown.stdout).toMatch(/subject=CN ?= ?localhost/);
    await run('openssl', [...options, '-tls1_3', '-noservername']);
    const all = await visits(2);
    expect(all[0]).toMatchObject({
      kind: 'tls',
      tls: { server_name: 'a.example', alpn: ['http/1.1'], versions: ['1.2'], completed: true },
    });
    expect(all[1]).toMatchObject({ tls: { server_name: '', versions: ['1.3'], completed: true } });
    expect(all[1]?.tls?.ja4).toMatch(/^t13i\d{4}00_/);
  },
);

test.skipIf(isMissing('ssh'))('ssh: its version, when greeted and when not', async () => {
  const { port, visits } = await listen();
  const options = [
    '-o',
    'ConnectTimeout=20',
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'BatchMode=yes',
    '-F',
    '/dev/null',
  ];
  await run('ssh', [...options, '-p', port, 'root@127.0.0.1']);
  const [visit] = await visits(1);
  expect(visit).toMatchObject({ kind: 'ssh', details: { protocol: '2.0' } });
  expect(visit?.details?.['version']).toMatch(/^OpenSSH_/);
});

test.skipIf(isMissing('psql'))('psql: who logs in to what', async () => {
  const { port, visits } = await listen();
  await run('psql', [
    `host=127.0.0.1 port=${port} user=admin dbname=orders sslmode=disable connect_timeout=20`,
  ]);
  await run('psql', [
    `host=127.0.0.1 port=${port} user=admin dbname=orders sslmode=require connect_timeout=20`,
  ]);
  const all = await visits(2);
  expect(all[0]).toMatchObject({
    kind: 'postgresql',
    details: { request: 'startup', user: 'admin', database: 'orders', application_name: 'psql' },
  });
  expect(all[1]).toMatchObject({ kind: 'postgresql', details: { request: 'ssl' } });
});

test.skipIf(isMissing('curl'))('curl: SMTP and FTP, where the server speaks first', async () => {
  const { ports, visits } = await listen({
    ports: [
      { protocol: 'tcp', port: 0 },
      { protocol: 'tcp', port: 0 },
    ],
  });
  // The ports are known only now: a second listener greets on none, so the clients stay silent.
  await run('curl', ['-s', '-m', 1, `smtp://127.0.0.1:${ports[0]}/mail.example`]);
  expect(await visits(1)).toMatchObject([{ kind: 'silent' }]);
  const greeted = await greetedPorts();
  await run('curl', [
    '-s',
    '-m',
    20,
    `smtp://127.0.0.1:${greeted.ports[0]}/mail.example`,
    '--mail-from',
    'a@b.example',
  ]);
  await run('curl', ['-s', '-m', 20, `ftp://127.0.0.1:${greeted.ports[1]}/`]);
  const all = await greeted.visits(2);
  expect(all.map(({ kind, details }) => ({ kind, details }))).toEqual([
    { kind: 'smtp', details: { name: 'mail.example' } },
    { kind: 'ftp', details: { command: 'USER anonymous' } },
  ]);
  expect(all[0]?.sent).toBe('220 localhost ESMTP\r\n'.length);
});

/** A listener that greets as SMTP on its first port and as FTP on its second. */
async function greetedPorts(): Promise<Listening> {
  const probe = await listenHere(
    join(temp.path),
    {},
    {
      ports: [
        { protocol: 'tcp', port: 0 },
        { protocol: 'tcp', port: 0 },
      ],
    },
  );
  await probe.listener.stop();
  const ports = probe.ports.map((port) => ({ protocol: 'tcp' as const, port }));
  const greetings = parseGreetings([`smtp@${probe.ports[0]}`, `ftp@${probe.ports[1]}`], ports);
  return listen({ ports, greetings });
}
