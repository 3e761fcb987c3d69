import { PassThrough, type Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PeepholeError } from '../../model/errors.ts';
import {
  checkUpload,
  receiveUpload,
  type ReceivedUpload,
  type Upload,
  type UploadLimits,
} from '../../service/receive-upload.ts';
import type { CallOptions, StoreService } from '../../service/store-service.ts';
import { callOptions } from '../call-options.ts';
import { knownProblem, problemOf } from '../problem.ts';
import { problemContent, problemResponse } from '../schemas/answers-schemas.ts';
import {
  ingestReportSchema,
  MOST_FORMAT_CHARACTERS,
  MOST_NAME_CHARACTERS,
  uploadQuerySchema,
} from '../schemas/uploads-schemas.ts';

const URL = '/api/v1/ingest';
const BYTES = 'application/octet-stream';
const LINES = 'application/x-ndjson';
/** Files that are received and taken in at once. */
const MOST_AT_ONCE = 4;
/** Milliseconds between two lines of progress. */
const LINE_EVERY = 200;

/**
 * Ingests a file that is sent as the body, once it is complete. Only with a content type that pages of other sites
 * can't send without a preflight request.
 */
export async function uploadsRoute(
  app: FastifyInstance,
  service: StoreService,
  limits: UploadLimits,
): Promise<void> {
  let atOnce = 0;
  await app.register(async (scope) => {
    // Bodies are streams here, of any size.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(BYTES, (_request, body, done) => done(null, body));
    scope.addContentTypeParser('*', (_request, _body, done) =>
      done(
        new PeepholeError('wrong_media_type', `The file is sent as it is, with the content type ${BYTES}.`),
      ),
    );
    scope.post(
      URL,
      {
        schema: {
          summary: 'Takes in a file of flow logs, once by its content',
          description:
            'The body is a file as `peephole ingest` takes it: text, gzip, zstd, JSON, CSV, Parquet, zip or tar. What of it can’t be read is in the report. With `Accept: application/x-ndjson` lines of progress come while it is taken in, and at last the report or a problem.',
          consumes: [BYTES],
          querystring: uploadQuerySchema,
          body: { content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } } },
          response: {
            200: {
              description: 'What came of it',
              content: {
                'application/json': { schema: ingestReportSchema },
                [LINES]: { schema: { type: 'string' } },
              },
            },
            408: { description: 'The sender stopped sending before the end', content: problemContent },
            409: { description: 'The format names no fields', content: problemContent },
            413: { description: 'The file is larger than this server takes', content: problemContent },
            default: problemResponse,
          },
        },
        onRequest: async (request, reply) => {
          reply.raw.once('close', () => atOnce--);
          if (++atOnce > MOST_AT_ONCE)
            throw new PeepholeError('busy', 'Other files are being taken in. Send it again in a moment.', {
              retry_after: 1,
            });
          const length = request.headers['content-length'];
          await checkUpload(service, length === undefined ? null : Number(length), limits.mostBytes);
        },
      },
      async (request, reply) => {
        const options = callOptions(request, reply);
        const received = await receiveUpload(uploadOf(request), limits, options.signal);
        if (request.headers.accept?.includes(LINES) !== true) return received.ingest(service, options);
        return sendLines(reply, received, service, options);
      },
    );
  });
}

/** Throws PeepholeError `usage` for what is no such request. */
function uploadOf(request: FastifyRequest): Upload {
  const { name, format = null } = request.query as Readonly<Record<string, unknown>>;
  const fits = (text: unknown, most: number): text is string =>
    typeof text === 'string' && text !== '' && [...text].length <= most;
  if (!fits(name, MOST_NAME_CHARACTERS))
    throw new PeepholeError(
      'usage',
      `Say what the file is called: ${URL}?name=…, at most ${MOST_NAME_CHARACTERS} characters.`,
    );
  if (format !== null && !fits(format, MOST_FORMAT_CHARACTERS))
    throw new PeepholeError('usage', `The format has 1 to ${MOST_FORMAT_CHARACTERS} characters.`);
  const { body } = request;
  if (body === undefined || body === null) throw new PeepholeError('usage', 'The body has to be the file.');
  return { name, format, bytes: body as Readable };
}

/** Tells how far it is in lines of JSON: `{"progress": …}`, and at last `{"report": …}` or `{"problem": …}`. */
function sendLines(
  reply: FastifyReply,
  received: ReceivedUpload,
  service: StoreService,
  options: CallOptions,
): FastifyReply {
  const lines = new PassThrough();
  const write = (line: object): void => void lines.write(`${JSON.stringify(line)}\n`);
  let last = 0;
  const onProgress = (progress: object): void => {
    const now = performance.now();
    // Slow readers of the progress are not waited for.
    if (now - last < LINE_EVERY || lines.writableNeedDrain) return;
    last = now;
    write({ progress });
  };
  void received
    .ingest(service, { ...options, onProgress })
    .then(
      (report) => write({ report }),
      (error: unknown) => {
        if (!(error instanceof PeepholeError)) reply.log.error(error);
        write({ problem: problemOf(knownProblem(error)) });
      },
    )
    .finally(() => lines.end());
  return reply.type(`${LINES}; charset=utf-8`).header('cache-control', 'no-store').send(lines);
}
