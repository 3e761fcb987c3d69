import type { FastifyInstance } from 'fastify';
import { badQuery, shown } from '../../model/query/bad-query.ts';
import { callOptions } from '../call-options.ts';
import { questionProblems } from '../schemas/answers-schemas.ts';
import { doorQuerySchema, doorSchema } from '../schemas/door-schemas.ts';
import { timeOfParameters } from '../time-parameters.ts';
import type { QueryRoutes } from './query-routes.ts';

const names = ['last', 'from', 'to', 'port', 'source', 'limit'];

/** What came to ports that were opened: `?last=PT6H`, `?port=80&port=443`, `?source=192.0.2.7`. */
export function doorRoute(app: FastifyInstance, { service }: QueryRoutes): void {
  app.get(
    '/api/v1/door',
    {
      schema: {
        summary: 'Who came to a port that was opened, what they asked for, and what follows from it',
        description:
          'Visits that peephole listen recorded, joined to the findings of the flow logs. Either last, which counts back from the latest visit, or from and to (exclusive); none: all.',
        querystring: doorQuerySchema,
        response: { 200: doorSchema, ...questionProblems },
      },
    },
    async (request, reply) => service.door(asked(request.query), callOptions(request, reply)),
  );
}

/** The question of a query string. */
function asked(query: unknown): unknown {
  const given = query as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw badQuery(name, `there is no such parameter: ${names.join(', ')}.`, names);
  const limit = given['limit'];
  return {
    time: timeOfParameters(given),
    ports: listOf(given['port']).map((port) => numberOf('port', port)),
    sources: listOf(given['source']),
    ...(limit === undefined ? {} : { limit: numberOf('limit', limit) }),
  };
}

/** A parameter that may come several times. */
function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function numberOf(name: string, value: unknown): number {
  if (typeof value !== 'string' || !/^[0-9]{1,9}$/.test(value))
    throw badQuery(name, `must be a whole number, not ${shown(value)}.`);
  return Number(value);
}
