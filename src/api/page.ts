import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Serves the page at `/` and, for its other screens, at `/knocks`, `/door`, `/sources` and `/alerts`; files with a hash in their name may be kept for ever. */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
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
  for (const screen of ['/knocks', '/door', '/sources', '/alerts'])
    app.get(screen, { schema: { hide: true } }, (_, reply) => reply.sendFile('index.html'));
}
