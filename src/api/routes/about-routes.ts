import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MOST_CHARACTERS, aboutKinds } from '../../model/about/parse-about.ts';
import { badQuery } from '../../model/query/bad-query.ts';
import { callOptions } from '../call-options.ts';
import { aboutSchema, mentionsSchema, timeParameters } from '../schemas/about-schemas.ts';
import { questionProblems } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';
import { timeOfParameters } from '../time-parameters.ts';
import type { QueryRoutes } from './query-routes.ts';

const names = ['last', 'from', 'to'];
const description =
  'Either last, which counts back from the newest flow, or from and to (exclusive); none: all data. Each part says the query that gives it.';
const thing = {
  type: 'object',
  properties: {
    kind: { type: 'string', enum: [...aboutKinds] },
    value: {
      type: 'string',
      minLength: 1,
      maxLength: MOST_CHARACTERS,
      description:
        'An address, the id of an interface, a service or a name by the inventory, the number of an operator (AS7922), a country (DE), a port (443, or 443%2Ftcp)',
    },
  },
  required: ['kind', 'value'],
};
const address = { type: 'object', properties: { address: ref('Address') }, required: ['address'] };

/**
 * All about one address, interface, service, …: `/api/v1/about/interface/eni-1?last=P7D`, and for an address
 * `/api/v1/addresses/10.0.1.7` too. The findings and visits that name it come by themselves: they take longer.
 *
 * @param settings of investigations, as `knocksRoutes` has them
 */
export function aboutRoutes(app: FastifyInstance, { service }: QueryRoutes, settings: () => unknown): void {
  const answers = { 200: aboutSchema, ...questionProblems };
  app.get(
    '/api/v1/about/:kind/:value',
    {
      schema: {
        summary: 'What it is and was, its traffic over time, who talks to it, and what changed',
        description,
        params: thing,
        querystring: timeParameters,
        response: answers,
      },
    },
    async (request, reply) => service.about(asked(request), callOptions(request, reply)),
  );
  app.get(
    '/api/v1/about/:kind/:value/mentions',
    {
      schema: {
        summary: 'The findings and the visits to open ports that name it',
        description,
        params: thing,
        querystring: timeParameters,
        response: { 200: mentionsSchema, ...questionProblems },
      },
    },
    async (request, reply) =>
      service.mentions(asked(request), { ...callOptions(request, reply), settings: settings() }),
  );
  app.get(
    '/api/v1/addresses/:address',
    {
      schema: {
        summary: 'The same as /api/v1/about/address/{address}',
        description,
        params: address,
        querystring: timeParameters,
        response: answers,
      },
    },
    async (request, reply) => service.about(asked(request), callOptions(request, reply)),
  );
}

function asked({ params, query }: FastifyRequest): unknown {
  const given = query as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw badQuery(name, `there is no such parameter: ${names.join(', ')}.`, names);
  const { kind = 'address', value, address: named } = params as Readonly<Record<string, string>>;
  return { kind, value: value ?? named, time: timeOfParameters(given) };
}
