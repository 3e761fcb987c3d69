import type { FastifyInstance } from 'fastify';
import type { StoreService } from '../../service/calls.ts';
import type { Metrics } from '../metrics.ts';
import { namesSchema, problemSchema, storeSchemaSchema } from '../schemas/answers.ts';

/** What there is: the schema for the page, the status, and what machines watch. */
export function storeRoutes(app: FastifyInstance, service: StoreService, metrics: Metrics): void {
  app.get(
    '/api/v1/schema',
    {
      schema: {
        summary: 'What can be asked, and what there is',
        response: { 200: storeSchemaSchema, default: problemSchema },
      },
    },
    () => service.call('schema', {}),
  );
  app.get(
    '/api/v1/names',
    {
      schema: {
        summary: 'The addresses that have a name in the inventory, with the one they have now',
        response: { 200: namesSchema, default: problemSchema },
      },
    },
    () => service.call('names', {}),
  );
  app.get('/api/v1/status', { schema: { summary: 'What is in the store' } }, () =>
    service.call('status', {}),
  );
  app.get('/healthz', { schema: { summary: 'Whether the server answers' } }, async () => ({ status: 'ok' }));
  app.get('/metrics', { schema: { summary: 'For Prometheus' } }, async (_request, reply) => {
    void reply.type(metrics.contentType);
    return metrics.text();
  });
}
