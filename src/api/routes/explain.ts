import type { FastifyInstance } from 'fastify';
import { callOptions } from '../call-options.ts';
import { problemResponse } from '../schemas/answers.ts';
import { explainSchema, explanationSchema } from '../schemas/explain.ts';
import type { QueryRoutes } from './query.ts';

/** What makes a selection differ from the rest, or a time from an earlier one. */
export function explainRoutes(app: FastifyInstance, { service }: QueryRoutes): void {
  app.post(
    '/api/v1/explain',
    {
      schema: {
        summary: 'What makes some flows differ from others',
        body: explainSchema,
        response: { 200: explanationSchema, default: problemResponse },
      },
    },
    async (request, reply) => service.call('explain', { request: request.body }, callOptions(request, reply)),
  );
}
