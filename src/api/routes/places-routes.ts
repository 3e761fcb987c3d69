import type { FastifyInstance } from 'fastify';
import type { StoreService } from '../../service/store-service.ts';
import { callOptions } from '../call-options.ts';
import { placesAnswerSchema, questionProblems } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';

/** Where addresses are, by the databases of this machine: a POST, since there may be hundreds of them. */
export function placesRoute(app: FastifyInstance, service: StoreService): void {
  app.post(
    '/api/v1/places',
    {
      schema: {
        summary: 'The country and the network operator of addresses, as far as they are known',
        body: ref('Places'),
        response: { 200: placesAnswerSchema, ...questionProblems },
      },
    },
    async (request, reply) => service.places(request.body, callOptions(request, reply)),
  );
}
