import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { StoreService } from '../../service/store-service.ts';
import { callOptions } from '../call-options.ts';
import type { Metrics } from '../metrics.ts';
import {
  accountCoverageSchema,
  namesSchema,
  problemResponse,
  storeSchemaSchema,
} from '../schemas/answers-schemas.ts';

const anything = Type.Object({}, { additionalProperties: true });
const metricsText = { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } };

/** The schema for the page, the status of the store, and what monitoring reads. */
export function storeRoutes(app: FastifyInstance, service: StoreService, metrics: Metrics): void {
  app.get(
    '/api/v1/schema',
    {
      schema: {
        summary: 'What can be asked, and what there is',
        response: { 200: storeSchemaSchema, default: problemResponse },
      },
    },
    () => service.schema(),
  );
  app.get(
    '/api/v1/names',
    {
      schema: {
        summary: 'The addresses that have a name in the inventory, with the one they have now',
        response: { 200: namesSchema, default: problemResponse },
      },
    },
    () => service.names(),
  );
  app.get(
    '/api/v1/coverage',
    {
      schema: {
        summary: 'In which hours of the last 35 days there are logs of each account and region',
        response: { 200: accountCoverageSchema, default: problemResponse },
      },
    },
    (request, reply) => service.coverage(callOptions(request, reply)),
  );
  app.get(
    '/api/v1/status',
    { schema: { summary: 'What is in the store', response: { 200: anything, default: problemResponse } } },
    () => service.status(),
  );
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the server answers',
        response: { 200: anything, default: problemResponse },
      },
    },
    async () => ({ status: 'ok' }),
  );
  app.get(
    '/metrics',
    { schema: { summary: 'For Prometheus', response: { 200: metricsText, default: problemResponse } } },
    async (_request, reply) => {
      void reply.type(metrics.contentType);
      return metrics.text();
    },
  );
}
