import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { StoreService } from '../../service/store-service.ts';
import { problemResponse } from '../schemas/answers-schemas.ts';
import { keptFindingSchema } from '../schemas/findings-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';

/**
 * The states of findings, and changes to them.
 * @param settings as in `knocksRoutes`, so that findings have the same prices and hidden scanners as there
 */
export function findingsRoutes(app: FastifyInstance, service: StoreService, settings: () => unknown): void {
  app.get(
    '/api/v1/findings',
    {
      schema: {
        summary: 'The findings of which a state is kept, whether they are still there or not',
        description: 'Those that are there now, new ones too, are listed by /api/v1/knocks.',
        response: { 200: Type.Array(keptFindingSchema), default: problemResponse },
      },
    },
    () => service.findings(),
  );
  app.put<{ Params: { readonly id: string } }>(
    '/api/v1/findings/:id',
    {
      schema: {
        summary: 'Gives a finding a state: known, acknowledged with a note, muted until a moment, solved',
        params: Type.Object({ id: Type.String({ description: 'As /api/v1/knocks tells it' }) }),
        body: ref('StateChange'),
        response: { 200: keptFindingSchema, default: problemResponse },
      },
    },
    (request) => service.setFindingState(request.params.id, request.body, settings()),
  );
}
