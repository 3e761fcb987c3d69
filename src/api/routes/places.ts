import type { FastifyInstance } from 'fastify';
import type { StoreService } from '../../service/calls.ts';
import { callOptions } from '../call-options.ts';
import { placesAnswerSchema, problemResponse } from '../schemas/answers.ts';
import { placesSchema } from '../schemas/places.ts';

/** Where addresses are, by the databases of this machine: a POST, since there may be hundreds of them. */
export function placesRoute(app: FastifyInstance, service: StoreService): void {
  app.post(
    '/api/v1/places',
    {
      schema: {
        summary: 'The country and the network operator of addresses, as far as they are known',
        body: placesSchema,
        response: { 200: placesAnswerSchema, default: problemResponse },
      },
    },
    async (request, reply) => service.call('places', { request: request.body }, callOptions(request, reply)),
  );
}
