import { expect, test } from 'vitest';
import { serviceOf } from '../../../test/support/service-of.ts';
import { createApp } from '../app.ts';

test('all about something is asked by its kind and value, for a time', async () => {
  const calls: unknown[] = [];
  const app = await createApp({
    service: serviceOf(async (method, asked) => {
      calls.push([method, asked]);
      return {};
    }),
    hosts: new Set(),
    token: null,
  });
  const paths = [
    '/api/v1/addresses/10.0.0.1?last=P7D',
    '/api/v1/about/port/443%2Ftcp',
    '/api/v1/about/name/%3Cimg%20src%3Dx%3E?from=2018-06-20T00:00:00Z&to=2018-06-21T00:00:00Z',
    '/api/v1/about/operator/AS7922/mentions',
  ];
  try {
    for (const path of paths) expect((await app.inject(path)).statusCode).toBe(200);
    expect(calls).toEqual([
      ['about', { kind: 'address', value: '10.0.0.1', time: { last: 'P7D' } }],
      ['about', { kind: 'port', value: '443/tcp', time: null }],
      [
        'about',
        {
          kind: 'name',
          value: '<img src=x>',
          time: { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' },
        },
      ],
      ['mentions', { kind: 'operator', value: 'AS7922', time: null }],
    ]);
    const wrong = await app.inject('/api/v1/addresses/10.0.0.1?since=yesterday');
    expect([wrong.statusCode, wrong.json<{ readonly code: string }>().code]).toEqual([400, 'bad_query']);
  } finally {
    await app.close();
  }
});
