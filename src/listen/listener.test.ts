import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { createSecureContext, connect as connectTls } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import { listenHere, type Listening } from '../../test/support/listening.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import type { UnkeptVisits } from '../model/visits/visit.ts';
import { httpAnswer } from './answers.ts';
import type { Bounds } from './bounds.ts';
import type { Listener, ListenerOptions } from './listener.ts';
import { cryptoFrame, initialPacket, longClientHello } from './protocols/samples/quic-sample.ts';
import { selfSigned } from './self-signed.ts';

const temp = useTempFolder();
const started: Listener[] = [];
afterEach(async () => {
  for (const listener of started.splice(0)) await listener.stop();
});

async function listen(
  bounds: Partial<Bounds> = {},
  options: Partial<ListenerOptions> = {},
): Promise<Listening> {
  const listening = await listenHere(temp.path, bounds, options);
  started.push(listening.listener);
  return listening;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the socket is closed, by an error too. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

async function answerTo(socket: Socket, bytes: string | Buffer): Promise<string> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.write(bytes);
  await once(socket, 'end');
  socket.destroy();
  return Buffer.concat(parts).toString('latin1');
}

test('a request is recorded and, if configured, answered without repeating any of it', async () => {
  const { port, visits } = await listen({}, { answer: httpAnswer('404') });
  const answer = await answerTo(
    await dial(port),
    'POST /<script>?\u001b[2J HTTP/1.1\r\nHost: metrics.old-tenant.example\r\nUser-Agent: legacy-agent/0.9\r\nContent-Length: 4\r\n\r\na=\0b',
  );
  expect(answer).toBe('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  const [visit] = await visits(1);
  expect(visit).toMatchObject({
    protocol: 'tcp',
    source: { address: '127.0.0.1' },
    target: { address: '127.0.0.1', port },
    kind: 'http',
    http: {
      method: 'POST',
      host: 'metrics.old-tenant.example',
      user_agent: 'legacy-agent/0.9',
      body: 'a=\\x00b',
    },
    sent: answer.length,
    ended: 'answered',
  });
  expect(visit?.preview).toMatch(/^POST \/<script>\?\\x1b\[2J HTTP\/1\.1\\r\\n/);
});

test('nothing is answered unless configured, and the connection ends when the request does', async () => {
  const { port, visits } = await listen();
  expect(await answerTo(await dial(port), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('');
  expect(await visits(1)).toMatchObject([{ kind: 'http', sent: 0, ended: 'listener_closed' }]);
});

test('records silent visits, unknown bytes and resets', async () => {
  const { port, visits } = await listen({ idle: 2_000 });
  const reset = await dial(port);
  reset.write('abc');
  const silent = await dial(port);
  const binary = await dial(port);
  binary.end(Buffer.from([0xff, 0xfe, 0, 1]));
  // The three bytes were read before that.
  await visits(1);
  reset.resetAndDestroy();
  await closed(silent);
  const all = await visits(3);
  const sorted = [...all].sort((a, b) => (b.bytes % 4) - (a.bytes % 4) || b.bytes - a.bytes);
  expect(sorted.map(({ kind, bytes, preview, ended }) => ({ kind, bytes, preview, ended }))).toEqual([
    { kind: 'other', bytes: 3, preview: 'abc', ended: 'peer_reset' },
    { kind: 'other', bytes: 4, preview: '\\xff\\xfe\\x00\\x01', ended: 'peer_closed' },
    { kind: 'silent', bytes: 0, preview: '', ended: 'timed_out' },
  ]);
});

test('a deliberately slow client is disconnected after the time limit', async () => {
  const { port, visits } = await listen({ idle: 10_000, duration: 600 });
  const socket = await dial(port);
  const timer = setInterval(() => socket.write('a'), 50);
  await closed(socket);
  clearInterval(timer);
  const [visit] = await visits(1);
  expect(visit).toMatchObject({ kind: 'other', ended: 'timed_out' });
  expect(visit?.duration).toBeGreaterThanOrEqual(600);
  expect(visit?.bytes).toBeGreaterThan(2);
});

test('an open visit is written early and at its first bytes, with the same id as its final line', async () => {
  const { port, ports, openLines, visits, listener } = await listen();
  const socket = await dial(port);
  const datagrams = createSocket('udp4');
  datagrams.send('hello', ports[1], '127.0.0.1');
  await expect.poll(openLines).toMatchObject([
    { kind: 'silent', bytes: 0 },
    { protocol: 'udp', bytes: 5 },
  ]);
  socket.write('GET /slow HTTP/1.1\r\n');
  await expect.poll(openLines).toHaveLength(3);
  const open = openLines();
  expect(open[2]).toMatchObject({ id: open[0]?.id, kind: 'http', http: { path: '/slow' } });
  // Later bytes are written with the last line only, so that a deliberately slow client cannot fill the disk.
  socket.write('Host: a.example\r\n\r\n');
  await expect.poll(() => listener.totals.kept).toBe(1);
  datagrams.close();
  await listener.stop();
  const ended = await visits(2);
  expect(ended.map(({ id }) => id)).toEqual([open[0]?.id, open[1]?.id]);
  expect(ended).toMatchObject([{ http: { host: 'a.example' }, ended: 'listener_closed' }, { bytes: 5 }]);
  expect(openLines()).toHaveLength(3);
  expect(listener.totals).toMatchObject({ accepted: 2, kept: 2, unkept: 0 });
});

test('bytes kept are limited per visit and in total', async () => {
  const { port, visits } = await listen({ bytes: 2_000 }, { answer: httpAnswer('503') });
  const answer = await answerTo(
    await dial(port),
    `POST / HTTP/1.1\r\nContent-Length: 1999\r\n\r\n${'b'.repeat(1_999)}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 503 /);
  const [visit] = await visits(1);
  expect(visit).toMatchObject({ kind: 'http', ended: 'too_many_bytes', truncated: true });
  expect(visit?.preview).toHaveLength(512 + 2 * 3);
  const small = await listen({ memory: 3_000 });
  const first = await dial(small.port);
  first.write('a'.repeat(2_000));
  const second = await dial(small.port);
  second.write('b'.repeat(2_000));
  await closed(second);
  expect(await small.visits(1)).toMatchObject([{ ended: 'too_many_bytes' }]);
  first.destroy();
  const third = await dial(small.port);
  third.end('c'.repeat(2_000));
  expect(await small.visits(3)).toContainEqual(
    expect.objectContaining({ kind: 'other', ended: 'peer_closed' }),
  );
});

test('a visit that sends something is not called silent, even if there is no memory for it', async () => {
  const { port, ports, visits, listener } = await listen({ memory: 100, idle: 300 });
  const holder = await dial(port);
  holder.write('a'.repeat(100));
  await expect.poll(() => listener.totals.accepted).toBe(1);
  const late = await dial(port);
  late.write('GET / HTTP/1.1\r\n\r\n');
  await closed(late);
  const client = createSocket('udp4');
  await new Promise((resolve) => client.send('said', ports[1] ?? 0, '127.0.0.1', resolve));
  const all = await visits(3);
  client.close();
  expect(all.map(({ kind }) => kind)).toEqual(['other', 'other', 'other']);
  expect(all.map(({ bytes }) => bytes).sort((a, b) => a - b)).toEqual([4, 18, 100]);
});

test('connections beyond the limits are counted exactly', async () => {
  const { port, listener, lines } = await listen({ connections: 4, idle: 20_000 });
  const sockets = await Promise.all(Array.from({ length: 30 }, () => dial(port)));
  await expect.poll(() => listener.totals.accepted).toBe(30);
  await listener.stop();
  for (const socket of sockets) socket.destroy();
  const all = lines();
  const counted = all.filter((line): line is UnkeptVisits => 'unkept' in line);
  const kept = all.filter((line) => !('unkept' in line));
  expect(counted.reduce((sum, { unkept }) => sum + unkept, 0)).toBe(26);
  expect(counted[0]).toMatchObject({
    protocol: 'tcp',
    port,
    bound: 'connections',
    source_address: '127.0.0.1',
  });
  expect(kept).toHaveLength(4);
  expect(kept[0]).toMatchObject({ ended: 'listener_stopped' });
  expect(listener.totals).toMatchObject({ accepted: 30, kept: 4, unkept: 26 });
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

test('datagrams of one address are one visit and are never answered', async () => {
  const { ports, visits, listener } = await listen({ idle: 300 }, { answer: httpAnswer('404') });
  const udpPort = ports[1] ?? 0;
  const client = createSocket('udp4');
  const answers: Buffer[] = [];
  client.on('message', (bytes) => answers.push(bytes));
  for (const text of ['GET / HTTP/1.1\r\n\r\n', 'again'])
    await new Promise((resolve) => client.send(text, udpPort, '127.0.0.1', resolve));
  const [visit] = await visits(1);
  client.close();
  expect(visit).toMatchObject({
    protocol: 'udp',
    bytes: 23,
    sent: 0,
    ended: 'timed_out',
    target: { port: udpPort },
  });
  expect(answers).toEqual([]);
  expect(listener.totals).toMatchObject({ accepted: 1, kept: 1 });
});

test('an empty first datagram does not hide the next one', async () => {
  const { ports, visits } = await listen({ idle: 300 });
  const client = createSocket('udp4');
  for (const text of ['', 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n', 'more'])
    await new Promise((resolve) => client.send(text, ports[1] ?? 0, '127.0.0.1', resolve));
  const [visit] = await visits(1);
  client.close();
  expect(visit).toMatchObject({
    kind: 'ssdp',
    bytes: 41,
    preview: expect.stringMatching(/^M-SEARCH/) as string,
  });
});

test('a QUIC client whose ClientHello takes two datagrams is recognized, in any order', async () => {
  const { ports, visits } = await listen({ idle: 300 });
  const hello = longClientHello('door.example');
  const id = Buffer.from('8394c8f03e515708', 'hex');
  const halves = [cryptoFrame(700, hello.subarray(700)), cryptoFrame(0, hello.subarray(0, 700))];
  const client = createSocket('udp4');
  for (const [number, frames] of [...halves, ...halves].entries())
    await new Promise((resolve) =>
      client.send(initialPacket(id, number, frames), ports[1] ?? 0, '127.0.0.1', resolve),
    );
  const [visit] = await visits(1);
  client.close();
  expect(visit).toMatchObject({
    kind: 'quic',
    sent: 0,
    tls: { server_name: 'door.example', alpn: ['h3'], ja4: expect.stringMatching(/^q13d/) as string },
  });
});

test('setting the clock back does not keep a visit open', async () => {
  const { port, visits } = await listen({ idle: 300 });
  const first = await dial(port);
  const date = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  try {
    await closed(first);
    const [visit] = await visits(1);
    expect(visit).toMatchObject({ ended: 'timed_out', kind: 'silent' });
    expect(visit?.duration).toBeGreaterThanOrEqual(300);
  } finally {
    date.mockRestore();
  }
});

test('on a wildcard address, a visit names the address that it came to', async () => {
  const { ports, visits } = await listen({ idle: 300 }, { hosts: [{ address: '0.0.0.0', optional: false }] });
  const socket = await dial(ports[0] ?? 0);
  socket.end('tcp');
  const client = createSocket('udp4');
  client.bind(0, '127.0.0.1');
  await once(client, 'listening');
  await new Promise((resolve) => client.send('udp', ports[1] ?? 0, '127.0.0.1', resolve));
  const all = await visits(2);
  client.close();
  expect(all.map(({ protocol, target }) => `${protocol} ${target.address}`).sort()).toEqual([
    'tcp 127.0.0.1',
    'udp 127.0.0.1',
  ]);
});

test('if configured, the TLS handshake is completed and the data inside is recorded', async () => {
  const { port, visits } = await listen(
    {},
    { answer: httpAnswer('404'), secureContext: createSecureContext(selfSigned(Date.now())) },
  );
  const client = connectTls({
    host: '127.0.0.1',
    port,
    servername: 'metrics.old-tenant.example',
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  await once(client, 'secureConnect');
  expect(client.alpnProtocol).toBe('http/1.1');
  expect(await answerTo(client, 'GET /inside HTTP/1.1\r\nHost: inner.example\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 404 /,
  );
  const plain = await dial(port);
  expect(await answerTo(plain, 'GET /plain HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /);
  const broken = await dial(port);
  broken.end(Buffer.from('160301000a010000060303deadbeef', 'hex'));
  const all = await visits(3);
  expect(all.find(({ kind }) => kind === 'http')).toMatchObject({ http: { path: '/plain' } });
  expect(all.find(({ tls }) => tls?.completed === true)).toMatchObject({
    kind: 'tls',
    tls: { server_name: 'metrics.old-tenant.example' },
    http: { path: '/inside', host: 'inner.example' },
    details: { inside: 'http' },
    ended: 'answered',
  });
  expect(all.find(({ tls }) => tls?.completed === false)).toMatchObject({ kind: 'tls' });
});

test.each(['404', '503'] as const)(
  'HTTP/2, plain and within TLS, is read and answered with %s',
  async (answer) => {
    const { port, visits } = await listen(
      {},
      { answer: httpAnswer(answer), secureContext: createSecureContext(selfSigned(Date.now())) },
    );
    const statusOf = async (url: string): Promise<number> => {
      const session = connectHttp2(url, {
        rejectUnauthorized: false,
        servername: 'metrics.old-tenant.example',
      });
      session.on('error', () => undefined);
      const request = session.request({
        ':method': 'POST',
        ':path': '/v1/ingest',
        ':authority': 'metrics.old-tenant.example',
        'user-agent': 'legacy-agent/0.9',
      });
      request.on('error', () => undefined);
      request.end('a=1');
      const [headers] = (await once(request, 'response')) as [{ readonly ':status': number }];
      session.destroy();
      return headers[':status'];
    };
    expect(await statusOf(`http://127.0.0.1:${port}`)).toBe(Number(answer));
    expect(await statusOf(`https://127.0.0.1:${port}`)).toBe(Number(answer));
    const all = await visits(2);
    const http = {
      method: 'POST',
      path: '/v1/ingest',
      host: 'metrics.old-tenant.example',
      user_agent: 'legacy-agent/0.9',
      version: 'HTTP/2',
      body: 'a=1',
    };
    expect(all.find(({ kind }) => kind === 'http2')).toMatchObject({ http, ended: 'answered' });
    expect(all.find(({ kind }) => kind === 'tls')).toMatchObject({
      http,
      tls: { completed: true },
      details: { inside: 'http2' },
    });
  },
);

test('without completing the handshake, the client is recognized by its ClientHello', async () => {
  const { port, visits } = await listen();
  const client = connectTls({ host: '127.0.0.1', port, servername: 'a.example', rejectUnauthorized: false });
  client.on('error', () => undefined);
  await closed(client);
  expect(await visits(1)).toMatchObject([
    { kind: 'tls', tls: { server_name: 'a.example', completed: false }, sent: 0, ended: 'listener_closed' },
  ]);
});

test('a port in use is reported, and no other port stays open', async () => {
  const { port } = await listen();
  const other = listen(
    {},
    {
      ports: [
        { protocol: 'udp', port: 0 },
        { protocol: 'tcp', port },
      ],
    },
  );
  await expect(other).rejects.toThrow(`Another program listens on tcp port ${port} of 127.0.0.1`);
  await expect(listen({}, { hosts: [{ address: '192.0.2.7', optional: false }] })).rejects.toThrow(
    /no such address/,
  );
});
