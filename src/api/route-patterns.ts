import type { FastifyInstance } from 'fastify';

/** Remembers the routes with parameters or a wildcard that are added from now on, and finds the one that a path is of; else the path itself. */
export function watchRoutes(app: FastifyInstance): (path: string) => string {
  const patterns = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    // `/*` alone are the files of the page: any path would be one of them.
    if (url.includes('/:') || (url.endsWith('/*') && url !== '/*')) patterns.add(url);
  });
  return (path) => [...patterns].find((pattern) => fits(pattern, path)) ?? path;
}

function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  const open = wanted.at(-1) === '*';
  if (open) wanted.pop();
  return (
    (open ? wanted.length < given.length : wanted.length === given.length) &&
    wanted.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]))
  );
}
