import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { watchRoutes } from './route-patterns.ts';

test('a path belongs to a route with parameters, or to one with a wildcard', () => {
  const app = Fastify();
  const patternOf = watchRoutes(app);
  const answer = (): string => '';
  for (const url of ['/views', '/views/:id', '/views/:id/versions', '/address/*', '/*']) app.get(url, answer);
  expect(['/views/ssh', '/views/ssh/versions', '/address/10.0.0.1', '/address/a/b'].map(patternOf)).toEqual([
    '/views/:id',
    '/views/:id/versions',
    '/address/*',
    '/address/*',
  ]);
  expect(['/views', '/views/', '/address', '/nowhere'].map(patternOf)).toEqual([
    '/views',
    '/views/',
    '/address',
    '/nowhere',
  ]);
});
