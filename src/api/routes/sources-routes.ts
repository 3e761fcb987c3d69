import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { PeepholeError } from '../../model/errors.ts';
import type { StoreService } from '../../service/store-service.ts';
import { problemResponse } from '../schemas/answers-schemas.ts';
import { pauseSourceSchema, sourceStatusSchema } from '../schemas/sources-schemas.ts';

/** The followed sources: their states, and pausing them. */
export function sourcesRoutes(app: FastifyInstance, service: StoreService): void {
  app.get(
    '/api/v1/sources',
    {
      schema: {
        summary: 'The sources that are followed, or were, and how that goes',
        response: { 200: Type.Array(sourceStatusSchema), default: problemResponse },
      },
    },
    () => service.sources(),
  );
  app.post(
    '/api/v1/sources',
    {
      schema: {
        summary: 'Pauses a source that is followed, or lets it go on',
        body: pauseSourceSchema,
        response: { 200: sourceStatusSchema, default: problemResponse },
      },
    },
    (request) => {
      const { id, paused } = readPause(request.body);
      return service.setSourcePaused(id, paused);
    },
  );
}

function readPause(body: unknown): { readonly id: string; readonly paused: boolean } {
  const { id, paused, ...others } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof id !== 'string' || typeof paused !== 'boolean' || Object.keys(others).length > 0)
    throw new PeepholeError('bad_query', 'This takes {"id": "…", "paused": true or false}.');
  return { id, paused };
}
