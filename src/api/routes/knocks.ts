import type { FastifyInstance } from 'fastify';
import { PeepholeError } from '../../model/errors.ts';
import { problemSchema } from '../schemas/answers.ts';
import { knocksSchema } from '../schemas/knocks.ts';
import { goneSignal } from '../gone-signal.ts';
import type { QueryRoutes } from './query.ts';

/** The investigation: `?last=P7D`, `?from=T&to=T`, or all there is. */
export function knocksRoutes(app: FastifyInstance, { service, timeoutMs }: QueryRoutes): void {
  app.get(
    '/api/v1/knocks',
    {
      schema: {
        summary:
          'Who is knocking: named targets, counted and timed strangers, with evidence and the next step',
        querystring: {
          type: 'object',
          properties: {
            last: {
              type: 'string',
              description: 'An ISO 8601 duration that counts back from the newest flow',
            },
            from: { type: 'string', description: 'ISO 8601; with to' },
            to: { type: 'string', description: 'ISO 8601, exclusive' },
          },
        },
        response: { 200: knocksSchema, default: problemSchema },
      },
    },
    async (request, reply) =>
      service.call('knocks', { time: timeOf(request.query), timeoutMs }, { signal: goneSignal(reply) }),
  );
}

/** The time of a query, from a query string. */
function timeOf(query: unknown): unknown {
  const given = query as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (!['last', 'from', 'to'].includes(name))
      throw new PeepholeError('bad_query', `There is no parameter ${name}: give last, or from and to.`);
  }
  return Object.keys(given).length === 0 ? null : { ...given };
}
