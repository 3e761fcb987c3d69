import type { FastifyInstance } from 'fastify';
import { callOptions } from '../call-options.ts';
import { questionProblems } from '../schemas/answers-schemas.ts';
import { explanationSchema } from '../schemas/explain-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';
import type { QueryRoutes } from './query-routes.ts';

/** What makes a selection differ from the rest, or a time from an earlier one. */
export function explainRoutes(app: FastifyInstance, { service }: QueryRoutes): void {
  app.post(
    '/api/v1/explain',
    {
      schema: {
        summary: 'What makes some flows differ from others',
        body: ref('Explain'),
        response: { 200: explanationSchema, ...questionProblems },
      },
    },
    async (request, reply) => service.explain(request.body, callOptions(request, reply)),
  );
}
