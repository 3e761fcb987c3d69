import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { parseQuery } from '../../model/query/parse-query.ts';
import type { StoreService } from '../../service/store-service.ts';
import { callOptions, turnHeaders } from '../call-options.ts';
import { answerWith } from '../json-stream.ts';
import { answerSchema, questionProblems, recordsPageSchema } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';

export interface QueryRoutes {
  readonly service: StoreService;
}

/** Queries, and the raw flows behind a selection. Both stop in the engine when their client goes away. */
export function queryRoutes(app: FastifyInstance, { service }: QueryRoutes): void {
  app.post(
    '/api/v1/query',
    {
      schema: {
        summary: 'Answer a query',
        headers: turnHeaders,
        body: ref('Query'),
        response: { 200: answerSchema, ...questionProblems },
      },
    },
    async (request, reply) => {
      const fresh = request.headers['cache-control'] === 'no-cache';
      return answerWith(reply, await service.query(request.body, { ...callOptions(request, reply), fresh }));
    },
  );
  app.post(
    '/api/v1/query/sql',
    {
      schema: {
        summary: 'The SELECT over the view flows that says the same as a query',
        body: ref('Query'),
        response: { 200: Type.Object({ sql: Type.String() }), ...questionProblems },
      },
    },
    async (request) => {
      parseQuery(request.body);
      return service.sqlOf(request.body);
    },
  );
  app.post(
    '/api/v1/records',
    {
      schema: {
        summary: 'Raw flows, page by page',
        body: ref('RecordsRequest'),
        response: { 200: recordsPageSchema, ...questionProblems },
      },
    },
    async (request, reply) =>
      answerWith(reply, await service.records(request.body, callOptions(request, reply))),
  );
}
