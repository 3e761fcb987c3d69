import { type AddressInfo, connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { PeepholeError } from '../model/errors.ts';
import type { StoreService } from '../service/store-service.ts';
import { serviceOf } from '../../test/support/service-of.ts';
import { nothing, useApp } from '../../test/support/use-app.ts';

const appWith = useApp();

describe('the HTTP side', () => {
  test('passes queries on, and answers what the service answers', async () => {
    const calls: unknown[] = [];
    const server = await appWith(async (method, asked) => {
      calls.push([method, asked]);
      return { rows: [[1]] };
    });
    const reply = await server.inject({
      method: 'POST',
      url: '/api/v1/query',
      payload: { measures: ['flows'] },
    });
    expect(reply.json()).toEqual({ rows: [[1]] });
    expect(calls).toEqual([['query', { measures: ['flows'] }]]);
  });

  test('investigates with the scanners and prices that it was given', async () => {
    const calls: unknown[] = [];
    const knocksSettings = { allowedScanners: ['10.0.9.9'], prices: null };
    const knocks: StoreService['knocks'] = async (_, options) => {
      calls.push(options?.settings);
      return { findings: [] } as never;
    };
    const service = { ...serviceOf(nothing), knocks };
    const server = await appWith(nothing, { service, knocksSettings: () => knocksSettings });
    await server.inject('/api/v1/knocks');
    expect(calls).toEqual([knocksSettings]);
  });

  test('says what went wrong as RFC 9457 problems', async () => {
    const server = await appWith(async () => {
      throw new PeepholeError('bad_query', 'splits[0].field: no', {
        path: 'splits[0].field',
        allowed: ['dstport'],
      });
    });
    const bad = await server.inject({ method: 'POST', url: '/api/v1/query', payload: {} });
    expect(bad.statusCode).toBe(400);
    expect(bad.headers['content-type']).toMatch('application/problem+json');
    expect(bad.json()).toMatchObject({
      status: 400,
      code: 'bad_query',
      path: 'splits[0].field',
      allowed: ['dstport'],
    });
    const notJson = await server.inject({
      method: 'POST',
      url: '/api/v1/query',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(notJson.json()).toMatchObject({ status: 400, code: 'usage' });
    const form = await server.inject({
      method: 'POST',
      url: '/api/v1/query',
      headers: { 'content-type': 'text/plain' },
      payload: '{}',
    });
    expect(form.json()).toMatchObject({ status: 415, code: 'wrong_media_type' });
    const got = await server.inject({ url: '/api/v1/query' });
    expect(got.json()).toMatchObject({ status: 405, code: 'wrong_method', allowed: ['POST'] });
    expect(got.headers['allow']).toBe('POST');
    const nowhere = await server.inject({ url: '/api/v9/nowhere' });
    expect(nowhere.json()).toMatchObject({ status: 404, code: 'not_found' });
    const large = await server.inject({
      method: 'POST',
      url: '/api/v1/query',
      payload: { measures: ['x'.repeat(5 * 1024 * 1024)] },
    });
    expect(large.json()).toMatchObject({ status: 413, code: 'too_large' });
    for (const url of [
      '/api/v1/query',
      '/api/v1/records',
      '/api/v1/explain',
      '/api/v1/places',
      '/api/v1/export?format=csv',
    ]) {
      const deep = await server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        payload: `{"filter": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      });
      expect(deep.json()).toMatchObject({ status: 400, code: 'bad_query' });
      expect(deep.json<{ detail: string }>().detail).toMatch(/nested more than 64 levels/);
    }
  });

  test('answers what is no request, or has a method that nobody knows', async () => {
    const server = await appWith(nothing);
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    const told = async (text: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      socket.write(text);
      let answer = '';
      for await (const piece of socket) answer += String(piece);
      return answer;
    };
    const rest = 'HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n';
    for (const [text, status, code] of [
      ['hello\r\n\r\n', 400, 'usage'],
      ['GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'usage'],
      ['GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nHost: evil\r\nconnection: close\r\n\r\n', 400, 'usage'],
      [`GET /api/v1/views/${'x'.repeat(5_000)} ${rest}`, 414, 'path_too_long'],
      [`GET /${'x'.repeat(5_000)} ${rest}`, 404, 'not_found'],
      [
        'GET /nowhere HTTP/1.1\r\nhost: 127.0.0.1\r\nexpect: chips\r\nconnection: close\r\n\r\n',
        404,
        'not_found',
      ],
      [`FOO /api/v1/status ${rest}`, 405, 'wrong_method'],
      [`FOO /nowhere ${rest}`, 404, 'not_found'],
      [`QUERY /api/v1/status ${rest}`, 405, 'wrong_method'],
      [`CONNECT /api/v1/status ${rest}`, 405, 'wrong_method'],
      [
        `GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
        431,
        'headers_too_large',
      ],
    ] as const) {
      const answer = await told(text);
      expect(answer.split('\r\n')[0], text.slice(0, 30)).toMatch(`HTTP/1.1 ${status} `);
      expect(answer).toMatch(/content-type: application\/problem\+json/i);
      expect(answer).toContain(`"code":"${code}"`);
      if (status === 405) expect(answer).toMatch(/^allow: GET, HEAD\r$/im);
    }
  });

  test('tells nothing of faults of its own', async () => {
    const server = await appWith(async () => {
      throw new Error('secret path /home/me');
    });
    const reply = await server.inject({ method: 'POST', url: '/api/v1/query', payload: {} });
    expect([reply.statusCode, reply.body.includes('secret')]).toEqual([500, false]);
  });

  test('describes itself', async () => {
    const server = await appWith(nothing);
    const openapi = (await server.inject({ url: '/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, unknown>;
      components: {
        schemas: Record<string, { anyOf?: readonly { enum?: readonly string[]; pattern?: string }[] }>;
      };
    }>();
    expect(openapi.openapi).toBe('3.1.0');
    expect(Object.keys(openapi.paths)).toEqual(
      expect.arrayContaining(['/api/v1/query', '/api/v1/records', '/api/v1/schema', '/healthz', '/metrics']),
    );
    for (const [path, methods] of Object.entries(openapi.paths as Record<string, object>)) {
      for (const operation of Object.values(methods) as readonly {
        responses: Record<string, { content: object }>;
      }[])
        expect(Object.keys(operation.responses['default']?.content ?? {}), path).toEqual([
          'application/problem+json',
        ]);
    }
    expect(JSON.stringify(openapi.paths['/api/v1/query'])).toContain('#/components/schemas/Query');
    const [named, defined] = openapi.components.schemas['Measure']?.anyOf ?? [];
    expect(named?.enum).toContain('rejected_share');
    expect('p95(bytes)').toMatch(new RegExp(defined?.pattern ?? 'none'));
  });

  test('says when to come again if too much is asked', async () => {
    const server = await appWith(async () => {
      throw new PeepholeError('busy', 'too much', { retry_after: 7 });
    });
    const refused = await server.inject({ method: 'POST', url: '/api/v1/query', payload: {} });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '7']);
  });

  test('a long answer is the same as a short one, written in pieces', async () => {
    const answer = { columns: [], rows: Array.from({ length: 5_001 }, (_, i) => [i, `"${i}"`]), other: null };
    const server = await appWith(async () => answer);
    const reply = await server.inject({ method: 'POST', url: '/api/v1/query', payload: {} });
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(reply.json()).toEqual(answer);
  });

  test('a state is given to a finding by PUT, by the page alone; other methods are named', async () => {
    const calls: unknown[] = [];
    const service = new Proxy({} as StoreService, {
      get:
        (_, method) =>
        async (...args: readonly unknown[]) => {
          calls.push([method, ...args]);
          return { id: 'scan-1' };
        },
    });
    const settings = { allowedScanners: ['10.0.9.9'], prices: null };
    const app = await appWith(nothing, { service, knocksSettings: () => settings });
    const put = { method: 'PUT', url: '/api/v1/findings/scan%2F1', payload: { state: 'known' } } as const;
    expect((await app.inject(put)).json()).toEqual({ id: 'scan-1' });
    expect(calls).toEqual([['setFindingState', 'scan/1', { state: 'known' }, settings]]);
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await app.inject({ ...put, headers })).statusCode).toBe(403);
    const text = { ...put, payload: 'state=known', headers: { 'content-type': 'text/plain' } };
    expect((await app.inject(text)).statusCode).toBe(415);
    const wrong = await app.inject({ method: 'DELETE', url: put.url });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'PUT']);
    expect(calls).toHaveLength(1);
  });

  test('cancels the work of a client that goes away', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const server = await appWith(async (_method, _params, signal) => {
      signals.push(signal);
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return {};
    });
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const client = new AbortController();
    const request = fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: client.signal,
    });
    await expect.poll(() => signals).toHaveLength(1);
    client.abort();
    await expect(request).rejects.toThrow();
    await expect.poll(() => signals[0]?.aborted).toBe(true);
  });
});
