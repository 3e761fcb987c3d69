import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AlertRunner } from '../../alerts/alert-runner.ts';
import { previewAlert } from '../../alerts/preview-alert.ts';
import { parseAcknowledgement, parseSilence } from '../../model/alert/parse-silence.ts';
import { parseDocument } from '../../model/document/parse-document.ts';
import type { StoreService } from '../../service/store-service.ts';
import { callOptions } from '../call-options.ts';
import { alertStatusSchema, channelSchema, previewSchema } from '../schemas/alerts-schemas.ts';
import { problemResponse } from '../schemas/answers-schemas.ts';
import { ref } from '../schemas/named-schemas.ts';

interface ById {
  readonly Params: { readonly id: string };
}

const THIRTY_DAYS = 30 * 86_400;

/** The states of alerts, actions on them, and the channels of their messages. */
export function alertRoutes(app: FastifyInstance, service: StoreService, runner: AlertRunner): void {
  const params = Type.Object({ id: Type.String({ description: 'Of the alert' }) });
  const done = { 204: Type.Null(), default: problemResponse };
  app.get(
    '/api/v1/alert-states',
    {
      schema: {
        summary: 'What each alert is in, with its latest changes and the messages that wait to be sent',
        response: { 200: Type.Array(alertStatusSchema), default: problemResponse },
      },
    },
    () => runner.statuses(),
  );
  app.post(
    '/api/v1/alert-preview',
    {
      schema: {
        summary: 'When an alert would have fired in the last 30 days of logs, or as far as its looks reach',
        body: ref('AlertContent'),
        response: { 200: previewSchema, default: problemResponse },
      },
    },
    (request, reply) => {
      const alert = parseDocument('alerts', request.body);
      const options = callOptions(request, reply);
      return previewAlert(
        alert,
        {
          query: (query) => service.query(query, options),
          knocks: () => service.knocks(null, options),
          sources: () => service.sources(),
          status: () => service.status(),
        },
        THIRTY_DAYS,
        Date.now() / 1000,
      );
    },
  );
  app.post<ById>(
    '/api/v1/alert-states/:id/acknowledge',
    {
      schema: {
        summary: 'Keeps that somebody looks after a series that fires: nothing more is sent about it',
        params,
        body: ref('Acknowledgement'),
        response: done,
      },
    },
    async (request, reply) => {
      const { key, note } = parseAcknowledgement(request.body);
      await runner.acknowledge(request.params.id, key, note, Date.now());
      return reply.code(204).send();
    },
  );
  app.post<ById>(
    '/api/v1/alert-states/:id/silences',
    {
      schema: {
        summary: 'Sends nothing of an alert, or of one series of it, until a moment',
        params,
        body: ref('Silence'),
        response: done,
      },
    },
    async (request, reply) => {
      const { key, until, reason } = parseSilence(request.body, Date.now());
      await runner.silence(request.params.id, key, until, reason);
      return reply.code(204).send();
    },
  );
  app.delete<{ Params: { readonly id: string; readonly silence: string } }>(
    '/api/v1/alert-states/:id/silences/:silence',
    {
      schema: {
        summary: 'Ends a silence',
        params: Type.Object({ id: Type.String(), silence: Type.String() }),
        response: done,
      },
    },
    async (request, reply) => {
      await runner.endSilence(request.params.id, request.params.silence);
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/v1/channels',
    {
      schema: {
        summary: 'The channels of the configuration, by name',
        response: { 200: Type.Array(channelSchema), default: problemResponse },
      },
    },
    async () => runner.channels(),
  );
  app.post<{ Params: { readonly name: string } }>(
    '/api/v1/channels/:name/test',
    {
      schema: {
        summary: 'Sends a message to a channel that says that it is a test',
        params: Type.Object({ name: Type.String() }),
        response: done,
      },
    },
    async (request, reply) => {
      await runner.test(request.params.name);
      return reply.code(204).send();
    },
  );
}
