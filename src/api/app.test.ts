import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { DocumentStore } from '../documents/document-store.ts';
import type { DocumentKind, ExpectedVersion } from '../model/document/document.ts';
import { PeepholeError } from '../model/errors.ts';
import type { StoreService } from '../service/store-service.ts';
import { serviceOf } from '../../test/support/service-of.ts';
import { createApp, type AppOptions } from './app.ts';

let app: FastifyInstance | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

async function appWith(
  answer: Parameters<typeof serviceOf>[0],
  more: Partial<AppOptions> = {},
): Promise<FastifyInstance> {
  app = await createApp({
    service: serviceOf(answer),
    hosts: new Set(),
    token: null,
    ...more,
  });
  return app;
}

const nothing = async (): Promise<unknown> => ({ rows: [] });

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

  test.each([
    ['localhost:4747', undefined, 200],
    ['127.0.0.1:1', undefined, 200],
    ['[::1]:4747', undefined, 200],
    ['flows.example:4747', undefined, 200],
    ['evil.example', undefined, 403],
    ['127.0.0.1.evil.example:4747', undefined, 403],
    ['localhost:4747', 'http://localhost:4747', 200],
    ['localhost:4747', 'http://evil.example', 403],
    ['localhost:4747', 'null', 403],
    ['localhost:4747', 'http://localhost:9999', 403],
  ])('for Host %s and Origin %s answers %i', async (host, origin, status) => {
    const server = await appWith(nothing, { hosts: new Set(['flows.example']) });
    const reply = await server.inject({
      url: '/healthz',
      headers: { host, ...(origin === undefined ? {} : { origin }) },
    });
    expect(reply.statusCode).toBe(status);
  });

  const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const picture = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
  test.each([
    // The page itself, what is typed, programs.
    ['GET', '/api/v1/knocks', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
    ['GET', '/api/v1/knocks', { 'sec-fetch-site': 'none', ...link }, 200],
    ['GET', '/api/v1/knocks', {}, 200],
    ['POST', '/api/v1/query', { 'sec-fetch-site': 'same-origin' }, 200],
    ['GET', '/api/v1/status', { referer: 'http://localhost:4747/knocks' }, 200],
    // Other sites, another port of this machine among them.
    ['GET', '/api/v1/knocks', { 'sec-fetch-site': 'cross-site', ...picture }, 403],
    ['GET', '/api/v1/knocks', { 'sec-fetch-site': 'same-site', ...picture }, 403],
    ['GET', '/api/v1/knocks', { 'sec-fetch-site': 'cross-site', ...link }, 403],
    ['GET', '/%61pi/v1/knocks', { 'sec-fetch-site': 'cross-site', ...link }, 403],
    ['HEAD', '/api/v1/knocks', { 'sec-fetch-site': 'cross-site', ...link }, 403],
    ['POST', '/api/v1/query', { 'sec-fetch-site': 'cross-site', ...link }, 403],
    ['GET', '/api/v1/knocks', { referer: 'https://evil.example/' }, 403],
    ['GET', '/api/v1/knocks', { referer: 'http://localhost:9999/' }, 403],
    ['GET', '/metrics', { 'sec-fetch-site': 'cross-site', ...picture }, 403],
    ['GET', '/healthz', { 'sec-fetch-site': 'cross-site', ...picture }, 403],
    ['GET', '/openapi.json', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    [
      'GET',
      '/',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      403,
    ],
    ['GET', '/assets/x.js', { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'script' }, 403],
    // A link from elsewhere opens the page.
    ['GET', '/openapi.json', { 'sec-fetch-site': 'cross-site', ...link }, 200],
    ['GET', '/healthz', { referer: 'https://wiki.example/runbook' }, 200],
  ] as const)('%s %s with %o answers %i', async (method, url, headers, status) => {
    const server = await appWith(nothing);
    const reply = await server.inject({
      method,
      url,
      headers: { host: 'localhost:4747', ...headers },
      ...(method === 'POST' ? { payload: {} } : {}),
    });
    expect(reply.statusCode).toBe(status);
  });

  test('slows down who guesses the token, and nobody else', async () => {
    const server = await appWith(nothing, { token: 'open sesame', hosts: null });
    const ask = async (remoteAddress: string, token: string): Promise<LightMyRequestResponse> =>
      server.inject({ url: '/api/v1/status', remoteAddress, headers: { authorization: `Bearer ${token}` } });
    expect((await ask('192.0.2.1', 'open sesame')).statusCode).toBe(200);
    const guesses = await Promise.all(Array.from({ length: 40 }, (_, i) => ask('192.0.2.66', `word ${i}`)));
    const count = (status: number): number =>
      guesses.filter(({ statusCode }) => statusCode === status).length;
    expect(count(401)).toBeLessThanOrEqual(20);
    expect(count(401) + count(429)).toBe(40);
    const refused = guesses.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers['retry-after']).toBe('1');
    expect(refused?.json()).toMatchObject({ code: 'slow_down' });
    expect((await ask('192.0.2.1', 'open sesame')).statusCode).toBe(200);
    // A browser's first request has no token yet: it is asked for at once.
    const began = performance.now();
    expect((await server.inject({ url: '/', remoteAddress: '192.0.2.66' })).statusCode).toBe(401);
    expect(performance.now() - began).toBeLessThan(500);
  });

  test('asks for the token where there is one', async () => {
    const server = await appWith(nothing, { token: 'open sesame', hosts: null });
    const asked = async (authorization?: string): Promise<number> =>
      (
        await server.inject({
          url: '/api/v1/status',
          headers: authorization === undefined ? {} : { authorization },
        })
      ).statusCode;
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await asked()).toBe(401);
    expect(await asked('Bearer wrong')).toBe(401);
    expect(await asked(basic('me:wrong'))).toBe(401);
    expect(await asked(basic('me:open sesame'))).toBe(200);
    const page = await server.inject({ url: '/' });
    expect([page.statusCode, page.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="Peephole", charset="UTF-8"',
    ]);
    expect((await server.inject({ url: '/healthz' })).statusCode).toBe(200);
  });

  test('sends the security headers with everything', async () => {
    const server = await appWith(nothing);
    for (const url of ['/healthz', '/nowhere', '/openapi.json']) {
      const { headers } = await server.inject({ url });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
    }
  });

  test('only pages of allowed sites frame a view, and only the page that is made for it', async () => {
    const frame = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    };
    const closed = await appWith(nothing);
    expect((await closed.inject({ url: '/embed', headers: frame })).statusCode).toBe(403);
    const own = (await closed.inject({ url: '/embed' })).headers;
    expect(own['content-security-policy']).toMatch(/frame-ancestors 'self'(;|$)/);
    expect(own['x-frame-options']).toBe('SAMEORIGIN');
    await closed.close();
    const open = await appWith(nothing, { frameOrigins: ['https://wiki.example.com'] });
    const { statusCode, headers } = await open.inject({ url: '/embed', headers: frame });
    expect(statusCode).toBe(200);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'self' https://wiki.example.com");
    expect(headers['x-frame-options']).toBeUndefined();
    for (const url of ['/', '/api/v1/schema'])
      expect((await open.inject({ url, headers: frame })).statusCode).toBe(403);
    expect((await open.inject({ url: '/' })).headers['content-security-policy']).toContain(
      "frame-ancestors 'none'",
    );
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

  test('gives Prometheus the figures of the store', async () => {
    const status = {
      flows: 7,
      bytes: 8,
      inputs: 9,
      quarantined: 1,
      gap_hours: 2,
      revision: 3,
      range: { from: '', to: '2018-06-20T00:00:01Z' },
    };
    const source = {
      id: 'kafka:flows',
      kind: 'kafka',
      state: 'live',
      lag_seconds: 1.5,
      lag_objects: null,
      records: 40,
      objects: 0,
      rate: 2,
      last_success: '2018-06-20T00:00:00.000Z',
      last_error: null,
      warnings: [],
      next_try: null,
    };
    const answers: Readonly<Record<string, unknown>> = {
      load: { at_work: 2, waiting: 5 },
      sources: [source],
    };
    const server = await appWith(async (method) => answers[method] ?? status);
    await server.inject({ url: '/healthz' });
    const { body } = await server.inject({ url: '/metrics' });
    for (const line of [
      'peephole_store_flows 7',
      'peephole_store_gap_seconds 7200',
      'peephole_store_newest_flow_timestamp_seconds 1529452800',
      'peephole_store_revision 3',
      'peephole_questions{state="at_work"} 2',
      'peephole_questions{state="waiting"} 5',
      'peephole_source_lag_seconds{source="kafka:flows"} 1.5',
      'peephole_source_records{source="kafka:flows"} 40',
      'peephole_source_last_success_timestamp_seconds{source="kafka:flows"} 1529452800',
      'peephole_source_state{source="kafka:flows",state="live"} 1',
    ]) {
      expect(body.split('\n')).toContain(line);
    }
    expect(body).toMatch(/peephole_http_request_seconds_count\{[^}]*route="\/healthz"[^}]*\} 1/);
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
    app = await createApp({ service, hosts: new Set(), token: null, knocksSettings: () => settings });
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

  test('documents carry their version as ETag, and changes name the version that they are for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'peephole-documents-'));
    const kept = new DocumentStore(folder, false);
    const service = {
      ...serviceOf(nothing),
      documents: (kind: DocumentKind) => kept.list(kind),
      document: (kind: DocumentKind, id: string, version?: number) => kept.get(kind, id, version),
      documentVersions: (kind: DocumentKind, id: string) => kept.versions(kind, id),
      putDocument: (kind: DocumentKind, id: string, content: unknown, expected: ExpectedVersion) =>
        kept.put(kind, id, content, expected),
      deleteDocument: (kind: DocumentKind, id: string, expected: ExpectedVersion) =>
        kept.delete(kind, id, expected),
    };
    const server = await appWith(nothing, { service });
    const url = '/api/v1/views/ssh';
    const ask = async (
      method: 'GET' | 'PUT' | 'DELETE',
      headers: Readonly<Record<string, string>> = {},
      name?: string,
    ): Promise<readonly [status: number, tag: unknown]> => {
      const payload = name === undefined ? {} : { payload: { name, link: '?v=1' } };
      const reply = await server.inject({ method, url, headers, ...payload });
      return [reply.statusCode, reply.headers.etag];
    };
    try {
      expect(await ask('GET')).toEqual([404, undefined]);
      expect(await ask('PUT', { 'if-match': '*' }, 'SSH')).toEqual([412, undefined]);
      expect(await ask('PUT', { 'if-none-match': '*' }, 'SSH')).toEqual([201, '"1"']);
      expect(await ask('PUT', { 'if-none-match': '*' }, 'Other')).toEqual([412, undefined]);
      expect(await ask('GET')).toEqual([200, '"1"']);
      expect(await ask('GET', { 'if-none-match': 'W/"1"' })).toEqual([304, '"1"']);
      expect(await ask('PUT', { 'if-match': '"1"' }, 'SSH from outside')).toEqual([200, '"2"']);
      expect(await ask('PUT', { 'if-match': '"1"' }, 'Lost')).toEqual([412, undefined]);
      expect(await ask('PUT', { 'if-match': '"x"' }, 'Lost')).toEqual([412, undefined]);
      expect(await ask('PUT', { 'if-none-match': '"2"' }, 'Lost')).toEqual([400, undefined]);
      expect(await ask('PUT', {}, ' ')).toEqual([400, undefined]);
      expect(await ask('PUT', {}, 'Without a condition')).toEqual([200, '"3"']);
      expect(await ask('DELETE', { 'if-match': '"2"' })).toEqual([412, undefined]);
      expect(await ask('DELETE', { 'if-match': '"3"' })).toEqual([204, undefined]);
      expect((await server.inject('/api/v1/views')).json()).toEqual([]);
      expect((await server.inject(`${url}?version=2`)).json()).toMatchObject({
        version: 2,
        content: { name: 'SSH from outside' },
      });
      expect((await server.inject(`${url}/versions`)).json()).toHaveLength(4);
      expect((await server.inject({ method: 'PUT', url: '/api/v1/views/..%2Fx', payload: {} })).statusCode).toBe(400); // prettier-ignore
      const foreign = await ask('DELETE', { 'sec-fetch-site': 'cross-site' });
      expect(foreign).toEqual([403, undefined]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
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
