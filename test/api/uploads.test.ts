import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../src/api/app.ts';
import { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { IngestReport } from '../../src/model/ingest-report.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { header, logFile, logLine } from '../support/log-lines.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const MOST_BYTES = 400_000;
const folder = useTempFolder();
let store: DuckDbStore;
let app: FastifyInstance;
let port: number;

beforeAll(async () => {
  // Whatever is spooled lies where this test can see it.
  vi.stubEnv('TMPDIR', folder.path);
  store = await DuckDbStore.open({
    folder: join(folder.path, 'store'),
    memoryBytes: 512 * 1024 * 1024,
    threads: 2,
  });
  app = await createApp({
    service: new LocalService(store),
    hosts: new Set(),
    token: null,
    mostUploadBytes: MOST_BYTES,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = app.server.address() as AddressInfo);
});
afterEach(async () => {
  await expect.poll(spooled).toEqual([]);
});
afterAll(async () => {
  await app.close();
  await store.close();
  vi.unstubAllEnvs();
});

async function spooled(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('peephole-spool-'));
}

const octets = { 'content-type': 'application/octet-stream' };
const urlOf = (name: string, more = ''): string => `/api/v1/ingest?name=${encodeURIComponent(name)}${more}`;
const sent = (name: string, payload: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ method: 'POST', url: urlOf(name), headers: { ...octets, ...headers }, payload });
const flows = async (): Promise<number> => (await store.status()).flows;

describe('a file that is sent', () => {
  test('goes in once, by its content, and the report says what it brought', async () => {
    const file = gzipSync(logFile(100, 1_529_452_800, 1) + 'no record\n');
    const first = await sent('flows.log.gz', file);
    expect(first.statusCode).toBe(200);
    expect(first.json()).toMatchObject({
      inputs: 1,
      records: 101,
      flows: 100,
      quarantined: 1,
      range: { from: '2018-06-20T00:00:00.000Z', to: '2018-06-20T00:01:40.000Z' },
      reasons: [{ input: 'upload:flows.log.gz', line: 102, text: 'no record' }],
    });
    const again = await sent('other name.gz', file);
    expect(again.json()).toMatchObject({ inputs: 1, skipped_inputs: 1, records: 0, range: null });
    expect(await flows()).toBe(100);
  });

  test('that is not a flow log is in the report, and its name is not used as a path', async () => {
    const name = '../../etc/<img src=x onerror=alert(1)>\u001b[2J‮.pdf';
    const reply = await sent(name, '%PDF-1.7 nothing of the kind');
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      inputs: 1,
      failed_inputs: 1,
      failures: [
        {
          input: 'upload:../../etc/<img src=x onerror=alert(1)>\\x1b[2J\\u202e.pdf',
          code: 'unreadable_input',
        },
      ],
    });
  });

  test('may have a format, as lines without a header need one', async () => {
    const before = await flows();
    const url = urlOf('own.log', `&format=${encodeURIComponent('${srcaddr} ${dstport} ${start}')}`);
    const reply = await app.inject({
      method: 'POST',
      url,
      headers: octets,
      payload: '192.0.2.1 99 1529488800\n',
    });
    expect(reply.json()).toMatchObject({ flows: 1, quarantined: 0 });
    expect(await flows()).toBe(before + 1);
    const wrong = await app.inject({
      method: 'POST',
      url: urlOf('own.log', '&format=nothing'),
      headers: octets,
      payload: 'another\n',
    });
    expect(wrong.json()).toMatchObject({ status: 409, code: 'impossible_query' });
  });

  test('tells how far it is in lines, to whoever asks for them', async () => {
    const reply = await sent('lines.log', logFile(50, 1_529_460_000, 2), { accept: 'application/x-ndjson' });
    expect(reply.headers['content-type']).toMatch('application/x-ndjson');
    const lines = reply.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ report: { flows: 50 } });
    for (const { progress } of lines.slice(0, -1))
      expect(progress).toMatchObject({ bytes: { total: expect.any(Number) }, records: expect.any(Number) });
    const problem = await app.inject({
      method: 'POST',
      url: urlOf('own.log', '&format=nothing'),
      headers: { ...octets, accept: 'application/x-ndjson' },
      payload: 'another\n',
    });
    expect(JSON.parse(problem.body)).toMatchObject({ problem: { status: 409, code: 'impossible_query' } });
  });
});

describe('is refused', () => {
  test.each([
    ['without a name', '/api/v1/ingest', octets, 400, 'usage'],
    ['with an empty name', urlOf(''), octets, 400, 'usage'],
    ['with two names', urlOf('a', '&name=b'), octets, 400, 'usage'],
    ['with too long a name', urlOf('a'.repeat(1025)), octets, 400, 'usage'],
    ['as a form of another site', urlOf('a'), { 'content-type': 'text/plain' }, 415, 'wrong_media_type'],
    ['as JSON', urlOf('a'), { 'content-type': 'application/json' }, 415, 'wrong_media_type'],
    ['from another site', urlOf('a'), { ...octets, 'sec-fetch-site': 'cross-site' }, 403, 'forbidden'],
    ['from another port', urlOf('a'), { ...octets, origin: 'http://localhost:9999' }, 403, 'forbidden'],
  ])('%s', async (_, url, headers, status, code) => {
    const before = await flows();
    const payload = `${header}\n${logLine({ dstport: 7 })}\n`;
    const reply = await app.inject({ method: 'POST', url, headers, payload });
    expect(reply.json()).toMatchObject({ status, code });
    expect(reply.headers['content-type']).toMatch('application/problem+json');
    expect(await flows()).toBe(before);
  });

  test('beyond the size that the server takes, whether it says so or not', async () => {
    const large = Buffer.from(logFile(10_000));
    const before = await flows();
    for (const encoding of [{ 'content-length': String(large.length) }, { 'transfer-encoding': 'chunked' }]) {
      const request = httpRequest({
        port,
        method: 'POST',
        path: urlOf('large.log'),
        headers: { ...octets, ...encoding },
      });
      request.end(large);
      const [response] = (await once(request, 'response')) as [
        AsyncIterable<Buffer> & { statusCode: number },
      ];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      expect(response.statusCode).toBe(413);
      expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({
        code: 'too_large',
        most_bytes: MOST_BYTES,
        detail: expect.stringContaining('--max-upload'),
      });
    }
    expect(await flows()).toBe(before);
  });

  test('by a store that can only be read, before anything is sent', async () => {
    const readOnly = vi.spyOn(store, 'status');
    readOnly.mockResolvedValue({ ...(await store.status()), read_only: true });
    const other = await createApp({ service: new LocalService(store), hosts: new Set(), token: null });
    try {
      const reply = await other.inject({ method: 'POST', url: urlOf('a'), headers: octets, payload: 'x' });
      expect(reply.json()).toMatchObject({ status: 403, code: 'read_only' });
    } finally {
      readOnly.mockRestore();
      await other.close();
    }
  });

  test('while as many are being received as may be at once', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        socket.write(head('waiting', 10));
        return socket;
      }),
    );
    await expect.poll(async () => (await spooled()).length).toBe(4);
    const reply = await sent('one more', 'x');
    expect(reply.json()).toMatchObject({ status: 503, code: 'busy' });
    expect(reply.headers['retry-after']).toBe('1');
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await sent('later.log', 'x')).statusCode).toBe(200);
  });

  test('when the sender stalls, so that others get its place; a slow sender is waited for', async () => {
    const other = await createApp({
      service: new LocalService(store),
      hosts: new Set(),
      token: null,
      mostUploadPause: 2_000,
    });
    await other.listen({ host: '127.0.0.1', port: 0 });
    try {
      const otherPort = (other.server.address() as AddressInfo).port;
      const answers = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const socket = connect(otherPort, '127.0.0.1');
          socket.write(`${head('stalled.log', 10)}12345`);
          const [bytes] = (await once(socket, 'data')) as [Buffer];
          socket.destroy();
          return bytes.toString();
        }),
      );
      for (const answer of answers) {
        expect(answer).toMatch('HTTP/1.1 408');
        expect(answer).toMatch('"code":"slow_request"');
      }
      const slow = httpRequest({
        port: otherPort,
        method: 'POST',
        path: urlOf('slow.log'),
        headers: { ...octets, 'transfer-encoding': 'chunked' },
      });
      const answered = once(slow, 'response') as Promise<[{ statusCode: number; resume: () => void }]>;
      const lines = logFile(12, 1_529_490_000, 9).match(/[^\n]*\n/g)!;
      for (const line of lines) {
        slow.write(line);
        await new Promise((passed) => setTimeout(passed, 200));
      }
      slow.end();
      const [response] = await answered;
      response.resume();
      expect(response.statusCode).toBe(200);
    } finally {
      await other.close();
    }
  });
});

function head(name: string, length: number): string {
  return `POST ${urlOf(name)} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\ncontent-length: ${length}\r\n\r\n`;
}

test('an incomplete upload leaves nothing; the complete file is then ingested once', async () => {
  const file = Buffer.from(logFile(400, 1_529_470_000, 5));
  const before = await flows();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), fc.boolean(), async (length, abrupt) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      const closed = once(socket, 'close');
      socket.resume();
      socket.write(head('broken.log', file.length));
      socket.write(file.subarray(0, length), () => (abrupt ? socket.resetAndDestroy() : socket.end()));
      await closed;
    }),
    { numRuns: 40 },
  );
  await expect.poll(spooled).toEqual([]);
  expect(await flows()).toBe(before);
  const { inputs } = await store.status();
  const reports = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => (await sent(name, file)).json<IngestReport>()),
  );
  expect(reports.map(({ flows: taken }) => taken).toSorted((a, b) => a - b)).toEqual([0, 0, 400]);
  expect(reports.map(({ skipped_inputs }) => skipped_inputs).toSorted()).toEqual([0, 1, 1]);
  expect(await flows()).toBe(before + 400);
  expect((await store.status()).inputs).toBe(inputs + 1);
});

test('a sender that goes away before the answer, whenever that is, leaves no fault in the log', async () => {
  const log = vi.spyOn(process.stderr, 'write');
  try {
    let answered = false;
    for (let delay = 0; delay < 400 && !answered; delay += 4) {
      const request = httpRequest({
        port,
        method: 'POST',
        path: urlOf('left.log'),
        headers: { ...octets, accept: 'application/x-ndjson' },
        agent: false,
      });
      request.on('error', () => undefined);
      request.on('response', () => (answered = true));
      await new Promise((sent) => request.end(logFile(2_000), () => setTimeout(sent, delay)));
      request.destroy();
      await expect.poll(spooled).toEqual([]);
    }
    expect(answered).toBe(true);
    const faults = log.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('"level":50'));
    expect(faults).toEqual([]);
  } finally {
    log.mockRestore();
  }
});
