import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PeepholeError, errorKinds } from '../../model/errors.ts';
import type { StoreService } from '../../service/store-service.ts';
import { checkAccessKey, MOST_FIREHOSE_BYTES, readFirehoseRequest } from '../firehose-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that checks who asks by itself, instead of by the server's token and names. */
    readonly ownAccessKey?: boolean;
  }
}

const URL = '/api/v1/firehose';
/** Bytes of bodies that are read and written at once; beyond it Firehose is asked to come again. */
const MOST_AT_ONCE = 256 * 1024 * 1024;
/** Seconds after which Firehose may send again (Retry-After). */
const RETRY_AFTER = 5;

/** Statuses of errors here: for 413 Firehose gives its data up, for any other it tries again. */
const BAD_REQUEST = 400;
const BUSY = 503;

/**
 * What Amazon Data Firehose delivers. It is answered 200 only once the records are durable, in the form that Firehose asks
 * for, errors too. It has an access key of its own instead of the server's token, and names this server as it likes.
 *
 * @param key the access key; null: nothing is taken
 */
export async function firehoseRoute(
  app: FastifyInstance,
  service: StoreService,
  key: string | null,
): Promise<void> {
  let atOnce = 0;
  await app.register(async (scope) => {
    // Its bodies are read here: they may be packed, large, and of any type.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => answer(reply, idOf(request), error));
    scope.post(
      URL,
      {
        bodyLimit: MOST_FIREHOSE_BYTES,
        // Who may ask, and what, is for AWS to say, not for this document.
        schema: { hide: true },
        config: { ownAccessKey: true },
        onRequest: async (request) => {
          checkAccessKey(request, key);
          const length = Number(request.headers['content-length'] ?? 0);
          if (atOnce + length > MOST_AT_ONCE)
            throw new PeepholeError('busy', 'More comes in than can be written. Send it again later.');
          atOnce += length;
          request.raw.once('close', () => (atOnce -= length));
        },
      },
      async (request, reply) => {
        const { requestId, delivery } = await readFirehoseRequest(request);
        await service.deliver(delivery);
        return answer(reply, requestId, null);
      },
    );
  });
}

/** The form that Firehose asks for, whatever the outcome. */
function answer(reply: FastifyReply, requestId: string, error: unknown): FastifyReply {
  const body = { requestId, timestamp: Date.now() };
  if (error === null) return reply.code(200).type('application/json').send(body);
  const status = statusOf(error);
  if (status === BUSY) void reply.header('retry-after', RETRY_AFTER);
  if (status >= 500 && !(error instanceof PeepholeError)) reply.log.error(error);
  const errorMessage =
    error instanceof PeepholeError || status < 500 ? (error as Error).message : 'Something went wrong.';
  return reply
    .code(status)
    .type('application/json')
    .send({ ...body, errorMessage });
}

function statusOf(error: unknown): number {
  if (error instanceof PeepholeError) {
    const { status } = errorKinds[error.code];
    return status === 413 ? BAD_REQUEST : status;
  }
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  return status >= 400 && status < 500 ? BAD_REQUEST : 500;
}

function idOf(request: FastifyRequest): string {
  const id = request.headers['x-amz-firehose-request-id'];
  return typeof id === 'string' ? id : '';
}
