import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { aboutKinds } from '../model/about/parse-about.ts';
import { EMBED, EMBEDDED_TILE, policy } from './security-policy.ts';

/**
 * Serves the page at `/` and, for its other screens, at `/knocks`, `/address/10.0.1.7` and the like; files with a hash in their name may be kept for ever.
 * `/embed` shows a view alone, `/embed/dashboards/overview/flows` a tile, and pages of `frameOrigins` (beside our own) may have it in a frame.
 */
export async function servePage(
  app: FastifyInstance,
  folder: string,
  frameOrigins: readonly string[],
): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.setHeader(
        'cache-control',
        path.startsWith(join(folder, 'assets')) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  const about = aboutKinds.map((kind) => `/${kind}/*`);
  for (const screen of [
    ...about,
    '/map',
    '/knocks',
    '/door',
    '/sources',
    '/alerts',
    '/dashboards',
    '/dashboards/:id',
  ])
    app.get(screen, { schema: { hide: true } }, (_, reply) => reply.sendFile('index.html'));
  const framed = {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...policy, frameAncestors: ["'self'", ...frameOrigins] },
    },
    // It can name no origins; browsers that know frame-ancestors don't look at it.
    xFrameOptions: frameOrigins.length === 0 && { action: 'sameorigin' as const },
  };
  for (const path of [EMBED, EMBEDDED_TILE])
    app.get(path, { schema: { hide: true }, helmet: framed }, (_, reply) => reply.sendFile('index.html'));
}

/** Whether a person opened a path that nothing is at: then the page says so. Programs get a problem. */
export function opensPage({ method, url, headers }: FastifyRequest): boolean {
  return (
    (method === 'GET' || method === 'HEAD') &&
    !url.startsWith('/api/') &&
    headers.accept?.includes('text/html') === true
  );
}
