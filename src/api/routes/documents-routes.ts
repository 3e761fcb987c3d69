import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  documentKinds,
  type DocumentFolderState,
  type DocumentKind,
  type StoredDocument,
} from '../../model/document/document.ts';
import { PeepholeError } from '../../model/errors.ts';
import type { StoreService } from '../../service/store-service.ts';
import { entityTag, expectedVersion, matchesTag } from '../entity-tags.ts';
import { problemResponse } from '../schemas/answers-schemas.ts';
import {
  contentSchema,
  documentFolderSchema,
  documentIdSchema,
  documentSchema,
  documentVersionSchema,
} from '../schemas/documents-schemas.ts';

/** Of all numbers that there can be. */
const MOST_VERSION = Number.MAX_SAFE_INTEGER;

interface ById {
  readonly Params: { readonly id: string };
}

/** What people keep in the store, a kind under a path: /api/v1/views/{id}. */
export function documentRoutes(app: FastifyInstance, service: StoreService): void {
  for (const kind of documentKinds) routesOf(app, service, kind);
  app.get(
    '/api/v1/document-folder',
    {
      schema: {
        summary: 'The folder that documents are read from, and its files that can’t be used',
        response: { 200: documentFolderSchema, default: problemResponse },
      },
    },
    async (): Promise<DocumentFolderState> => {
      const provided = await service.providedDocuments();
      return { folder: provided?.folder ?? null, problems: provided?.problems ?? [] };
    },
  );
}

function routesOf(app: FastifyInstance, service: StoreService, kind: DocumentKind): void {
  const path = `/api/v1/${kind}`;
  const schema = documentSchema(kind);
  const description =
    'If-Match with the ETag of what was read: changes that others made since are answered 412. If-None-Match: *: there must be none of that id yet. Neither: whatever there is.';
  app.get(
    path,
    {
      schema: {
        summary: `All ${kind} that are kept, by id`,
        response: { 200: Type.Array(schema), default: problemResponse },
      },
    },
    () => service.documents(kind),
  );
  app.get<ById & { Querystring: { readonly version?: string } }>(
    `${path}/:id`,
    {
      schema: {
        summary: 'One of them, as it is or as it was in a version, with its version as ETag',
        params: documentIdSchema,
        querystring: Type.Object({
          version: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_VERSION })),
        }),
        response: { 200: schema, 304: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { version } = request.query;
      const document = await service.document(
        kind,
        request.params.id,
        version === undefined ? undefined : readVersion(version),
      );
      if (matchesTag(request.headers['if-none-match'], document.version))
        return reply.code(304).header('etag', entityTag(document.version)).send();
      return answer(reply, document);
    },
  );
  app.get<ById>(
    `${path}/:id/versions`,
    {
      schema: {
        summary: 'Its latest versions, the latest first; also of one that is deleted',
        params: documentIdSchema,
        response: { 200: Type.Array(documentVersionSchema), default: problemResponse },
      },
    },
    (request) => service.documentVersions(kind, request.params.id),
  );
  app.put<ById>(
    `${path}/:id`,
    {
      schema: {
        summary: 'Keeps it under that id: 201 if it is new, else a new version of what was there',
        params: documentIdSchema,
        description,
        body: contentSchema(kind),
        response: { 200: schema, 201: schema, default: problemResponse },
      },
    },
    async (request, reply) => {
      const expected = expectedVersion(request.headers);
      const { document, created } = await service.putDocument(
        kind,
        request.params.id,
        request.body,
        expected,
      );
      return answer(reply.code(created ? 201 : 200), document);
    },
  );
  app.delete<ById>(
    `${path}/:id`,
    {
      schema: {
        summary: 'Deletes it; its versions stay, so that it can be put back',
        params: documentIdSchema,
        description,
        response: { 204: Type.Null(), default: problemResponse },
      },
    },
    async (request: FastifyRequest<ById>, reply) => {
      await service.deleteDocument(kind, request.params.id, expectedVersion(request.headers));
      return reply.code(204).send();
    },
  );
}

function answer(reply: FastifyReply, document: StoredDocument): FastifyReply {
  return reply.header('etag', entityTag(document.version)).send(document);
}

function readVersion(text: string): number {
  const version = Number(text);
  if (!/^\d+$/.test(text) || version < 0 || version > MOST_VERSION)
    throw new PeepholeError('bad_query', 'version: must be a whole number from 0.');
  return version;
}
