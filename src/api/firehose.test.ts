import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { serviceOf } from '../../test/support/service-of.ts';
import { PeepholeError } from '../model/errors.ts';
import type { Delivery } from '../service/store-service.ts';
import { createApp } from './app.ts';

const KEY = 'a long key, with blanks: and ünicode';
let app: FastifyInstance | null = null;
afterEach(() => app?.close());

/** A server that keeps what is delivered to it. */
async function listening(
  deliver: (delivery: Delivery) => Promise<unknown> = async () => ({ records: 1 }),
  firehoseKey: string | null = 'key',
): Promise<{ readonly app: FastifyInstance; readonly delivered: Delivery[] }> {
  const delivered: Delivery[] = [];
  const service = serviceOf(async (method, asked) => {
    if (method !== 'deliver') throw new Error(`nobody asks for ${method}`);
    delivered.push(asked as Delivery);
    return deliver(asked as Delivery);
  });
  app = await createApp({ service, hosts: new Set(), token: 'the server’s token', firehoseKey });
  return { app, delivered };
}

const data = (text: string): { readonly data: string } => ({ data: Buffer.from(text).toString('base64') });
const body = (...records: readonly unknown[]): object => ({
  requestId: 'r-1',
  timestamp: 1_717_200_000_123,
  records,
});
const headers = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  host: 'flows.example.com',
  'content-type': 'application/json',
  'x-amz-firehose-protocol-version': '1.0',
  'x-amz-firehose-request-id': 'r-1',
  'x-amz-firehose-source-arn': 'arn:aws:firehose:eu-west-1:123456789012:deliverystream/vpc-flows',
  'x-amz-firehose-access-key': 'key',
  ...more,
});

describe('Firehose', () => {
  test('delivers, under any host name and without the server’s token, and is answered in its form', async () => {
    const { app: server, delivered } = await listening();
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({
        'x-amz-firehose-common-attributes': '{"commonAttributes":{"format":"${srcaddr}"}}',
      }),
      payload: body(data('a'), { nothing: 1 }, 'x', { data: 'a line' }, { data: '!!!!' }, { data: '' }),
    });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.headers['content-length']).toBe(String(reply.rawPayload.length));
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.json()).toEqual({ requestId: 'r-1', timestamp: expect.any(Number) });
    const texts = delivered[0]?.messages.map(({ base64 }) => Buffer.from(base64, 'base64').toString());
    expect(texts).toEqual(['a', '{"nothing":1}', '"x"', '{"data":"a line"}', '{"data":"!!!!"}', '']);
    expect(delivered[0]).toMatchObject({
      source: 'firehose:vpc-flows',
      format: '${srcaddr}',
      messages: [{ name: 'firehose:vpc-flows/r-1/1', time: 1_717_200_000_123 }, {}, {}, {}, {}, {}],
    });
  });

  test('may send gzip, and more than other routes take', async () => {
    const { app: server, delivered } = await listening();
    const payload = gzipSync(
      JSON.stringify(body(...Array.from({ length: 10_000 }, () => data('x'.repeat(600))))),
    );
    const packed = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({ 'content-encoding': 'gzip' }),
      payload,
    });
    expect(packed.statusCode).toBe(200);
    const plain = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({ 'x-amz-firehose-source-arn': '<script>' }),
      payload: body(data('x'.repeat(20_000_000))),
    });
    expect(plain.statusCode).toBe(200);
    expect(delivered.map(({ source, messages }) => [source, messages.length])).toEqual([
      ['firehose:vpc-flows', 10_000],
      ['firehose:default', 1],
    ]);
  });

  test.each([
    ['no key', { 'x-amz-firehose-access-key': '' }, 'key', 401],
    ['another key', { 'x-amz-firehose-access-key': 'kex' }, 'key', 401],
    ['the server’s token instead', { 'x-amz-firehose-access-key': 'the server’s token' }, 'key', 401],
    ['a key where none was set', {}, null, 403],
  ])('with %s is refused before anything is read', async (_, more, key, status) => {
    const { app: server, delivered } = await listening(undefined, key);
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers(
        Object.fromEntries(Object.entries(more).map(([name, value]) => [name, encodeURI(value)])),
      ),
      payload: 'no JSON',
    });
    expect([reply.statusCode, reply.json()]).toEqual([
      status,
      { requestId: 'r-1', timestamp: expect.any(Number), errorMessage: expect.any(String) },
    ]);
    expect(delivered).toEqual([]);
  });

  test('a key may have any characters', async () => {
    const { app: server } = await listening(undefined, KEY);
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({ 'x-amz-firehose-access-key': Buffer.from(KEY, 'utf8').toString('latin1') }),
      payload: body(data('a')),
    });
    expect(reply.statusCode).toBe(200);
  });

  test('a key may have 4,096 bytes, as long as Firehose has any', async () => {
    const key = 'k'.repeat(4095);
    const { app: server } = await listening(undefined, `${key}1`);
    const address = await server.listen({ port: 0, host: '127.0.0.1' });
    const send = async (given: string): Promise<number> =>
      (
        await fetch(`${address}/api/v1/firehose`, {
          method: 'POST',
          headers: headers({
            'x-amz-firehose-access-key': given,
            // Beside as many attributes, and as long ones, as a stream can have.
            'x-amz-firehose-common-attributes': JSON.stringify({
              commonAttributes: Object.fromEntries(
                Array.from({ length: 50 }, (_, i) => [String(i).padEnd(256, 'n'), 'x'.repeat(1024)]),
              ),
            }),
          }),
          body: JSON.stringify(body(data('a'))),
        })
      ).status;
    expect([await send(`${key}1`), await send(`${key}2`), await send(key)]).toEqual([200, 401, 401]);
  });

  test('a retry has the same id, and is answered with it', async () => {
    const { app: server, delivered } = await listening();
    for (const id of ['r-1', 'r-1', 'r-2']) {
      const reply = await server.inject({
        method: 'POST',
        url: '/api/v1/firehose',
        headers: headers({ 'x-amz-firehose-request-id': id }),
        payload: { ...body(data('a')), requestId: id },
      });
      expect(reply.json()).toMatchObject({ requestId: id });
    }
    expect(delivered).toHaveLength(3);
  });

  test.each([
    ['no JSON', 'no JSON'],
    ['no object', '[]'],
    ['no records', '{"requestId":"r"}'],
    ['too many records', JSON.stringify(body(...Array.from({ length: 10_001 }, () => data('a'))))],
    ['no body', ''],
  ])('answers %s with the reason, and never with 413', async (_, payload) => {
    const { app: server } = await listening();
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers(),
      payload,
    });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ errorMessage: expect.any(String) });
  });

  test('a body beyond all bounds is no 413 either', async () => {
    const { app: server } = await listening();
    const tooLong = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({ 'content-length': String(200 * 1024 * 1024) }),
      payload: 'x',
    });
    expect(tooLong.statusCode).toBe(400);
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    const unpacked = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers({ 'content-encoding': 'gzip' }),
      payload: bomb,
    });
    expect(unpacked.statusCode).toBe(400);
  });

  test.each([
    ['is overloaded', new PeepholeError('busy', 'too much', { retry_after: 1 }), 503],
    ['has no room', new PeepholeError('disk_full', 'The disk is full.'), 507],
    ['was asked for a format that is none', new PeepholeError('usage', 'The format is empty.'), 400],
    ['would say 413', new PeepholeError('too_large', 'too large'), 400],
  ])('asks for another try if the store %s', async (_, error, status) => {
    const { app: server } = await listening(() => Promise.reject(error));
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/firehose',
      headers: headers(),
      payload: body(data('a')),
    });
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ requestId: 'r-1', errorMessage: error.message });
    expect(reply.headers['retry-after'] !== undefined).toBe(status === 503);
  });

  test('no more bodies are held at once than there is room for', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { app: server } = await listening(() => held);
    const address = await server.listen({ port: 0 });
    const payload = JSON.stringify(body(data('x'.repeat(60_000_000))));
    const send = (): Promise<Response> =>
      fetch(`${address}/api/v1/firehose`, { method: 'POST', headers: headers(), body: payload });
    const sent = [send(), send(), send()];
    // 80 MB each: the fourth is too much while the others wait.
    const statuses: number[] = [];
    for (let tries = 0; tries < 500 && !statuses.includes(503); tries++) {
      const reply = await fetch(`${address}/api/v1/firehose`, {
        method: 'POST',
        headers: headers(),
        body: payload,
        signal: AbortSignal.timeout(20_000),
      }).catch(() => null);
      if (reply !== null) statuses.push(reply.status);
    }
    expect(statuses).toContain(503);
    release();
    for (const reply of await Promise.all(sent)) expect([200, 503]).toContain(reply.status);
  });
});
