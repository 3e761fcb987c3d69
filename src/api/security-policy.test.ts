import type { LightMyRequestResponse } from 'fastify';
import { expect, test } from 'vitest';
import { nothing, useApp } from '../../test/support/use-app.ts';

const appWith = useApp();

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
  const count = (status: number): number => guesses.filter(({ statusCode }) => statusCode === status).length;
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
  const tile = '/embed/dashboards/overview/flows';
  for (const url of ['/embed', tile])
    expect((await closed.inject({ url, headers: frame })).statusCode).toBe(403);
  const own = (await closed.inject({ url: '/embed' })).headers;
  expect(own['content-security-policy']).toMatch(/frame-ancestors 'self'(;|$)/);
  expect(own['x-frame-options']).toBe('SAMEORIGIN');
  await closed.close();
  const open = await appWith(nothing, { frameOrigins: ['https://wiki.example.com'] });
  const { statusCode, headers } = await open.inject({ url: '/embed', headers: frame });
  expect(statusCode).toBe(200);
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self' https://wiki.example.com");
  expect(headers['x-frame-options']).toBeUndefined();
  const framed = await open.inject({ url: tile, headers: frame });
  expect([framed.statusCode, framed.headers['content-security-policy']]).toEqual([
    200,
    headers['content-security-policy'],
  ]);
  for (const url of ['/', '/api/v1/schema', '/dashboards/overview', '/embed/dashboards'])
    expect((await open.inject({ url, headers: frame })).statusCode).toBe(403);
  expect((await open.inject({ url: '/' })).headers['content-security-policy']).toContain(
    "frame-ancestors 'none'",
  );
});
