import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifySchemaCompiler,
  type FastifySerializerCompiler,
  type FastifyServerOptions,
} from 'fastify';
import { PeepholeError } from '../model/errors.ts';
import { checkDepth } from '../model/query/parse-json.ts';
import type { AlertRunner } from '../alerts/alert-runner.ts';
import type { StoreService } from '../service/store-service.ts';
import { version } from '../system/version.ts';
import { checkToken } from './authentication.ts';
import { answerOn, answerUnreadable } from './unreadable-request.ts';
import { GuessLimit } from './guess-limit.ts';
import { checkHost, checkHostHeader, checkSite } from './host-check.ts';
import { logFaults } from './log-fault.ts';
import { measure } from './metrics.ts';
import { pageFolder } from './page-folder.ts';
import { opensPage, servePage } from './page.ts';
import { watchRoutes } from './route-patterns.ts';
import { sendProblem } from './problem.ts';
import { aboutRoutes } from './routes/about-routes.ts';
import { alertRoutes } from './routes/alerts-routes.ts';
import { policy } from './security-policy.ts';
import { documentRoutes } from './routes/documents-routes.ts';
import { exportRoute } from './routes/export-routes.ts';
import { firehoseRoute } from './routes/firehose-routes.ts';
import { findingsRoutes } from './routes/findings-routes.ts';
import { placesRoute } from './routes/places-routes.ts';
import { queryRoutes } from './routes/query-routes.ts';
import { sourcesRoutes } from './routes/sources-routes.ts';
import { uploadsRoute } from './routes/uploads-routes.ts';
import { storeRoutes } from './routes/store-routes.ts';
import { problemSchema } from './schemas/answers-schemas.ts';
import { acknowledgementSchema, silenceSchema } from './schemas/alerts-schemas.ts';
import { documentSchemas } from './schemas/documents-schemas.ts';
import { explainSchema } from './schemas/explain-schemas.ts';
import { stateChangeSchema } from './schemas/findings-schemas.ts';
import { wordSchemas } from './schemas/named-schemas.ts';
import { placesSchema } from './schemas/places-schemas.ts';
import { querySchemas } from './schemas/query-schemas.ts';
import { doorRoute } from './routes/door-routes.ts';
import { explainRoutes } from './routes/explain-routes.ts';
import { knocksRoutes } from './routes/knocks-routes.ts';

export interface AppOptions {
  readonly service: StoreService;
  /** Host names besides the loopback ones that requests may have; null: every name. */
  readonly hosts: ReadonlySet<string> | null;
  /** Asked for with every request but /healthz; null: not asked for. */
  readonly token: string | null;
  /** The access key of Amazon Data Firehose; null or absent: nothing is taken from it. */
  readonly firehoseKey?: string | null;
  /** Bytes of a file that may be sent to be taken in; absent: `MOST_UPLOAD_BYTES`. */
  readonly mostUploadBytes?: number;
  /** Milliseconds that nothing of such a file may come; absent: `MOST_UPLOAD_PAUSE`. */
  readonly mostUploadPause?: number;
  /** Scanners of one's own and prices at the moment, for every investigation, as JSON (`parseKnocksSettings`); absent: none. */
  readonly knocksSettings?: () => unknown;
  /** Origins whose pages may show `/embed` in a frame, beside our own; absent: none. */
  readonly frameOrigins?: readonly string[];
  /** Evaluates alerts; absent: no states of alerts are reported. */
  readonly alerts?: AlertRunner;
}

/** Of a part of a path, still escaped. */
const MOST_PATH_CHARACTERS = 4096;
/** Firehose sends a stream's common attributes as one header: 50 of them, with names of 256 and values of 1,024 characters. */
const MOST_HEADER_BYTES = 96 * 1024;
const MOST_BODY_BYTES = 4 * 1024 * 1024;
const MOST_UPLOAD_BYTES = 4 * 1024 ** 3;
const MOST_UPLOAD_PAUSE = 30_000;

/** No schema refuses anything. */
const takeAll: FastifySchemaCompiler<unknown> = () => () => true;
const asJson: FastifySerializerCompiler<unknown> = () => (data) => JSON.stringify(data);
/** Fastify's types know only compilers of its own libraries. */
const noCompilers = {
  buildValidator: () => takeAll,
  buildSerializer: () => asJson,
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

/** The HTTP side of Peephole. Inert until `listen` is called. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    // Else Fastify loads the compilers of its own, though they are replaced below: a twelfth of the processor time until a server is ready.
    schemaController: { compilersFactory: noCompilers },
    bodyLimit: MOST_BODY_BYTES,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: (error, socket) =>
      answerUnreadable(error, socket, (method, url) => nothingThere(routes, method, url)),
    // `checkHostHeader` says so, as a problem.
    http: { requireHostHeader: false, maxHeaderSize: MOST_HEADER_BYTES },
    // Names and tags in a path may be longer than the 100 characters that Fastify looks at.
    routerOptions: { maxParamLength: MOST_PATH_CHARACTERS },
    // Ctrl-C ends at once, whatever connections browsers keep open.
    forceCloseConnections: true,
  });
  logFaults(app.log);
  const routes: Routes = { app, patternOf: watchRoutes(app) };
  // JSON only: pages of other sites could send a text body without a preflight request.
  app.removeContentTypeParser('text/plain');
  const parseBody = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    try {
      checkDepth(String(body), 'body');
      void parseBody(request, String(body), done);
    } catch (error) {
      done(error as Error);
    }
  });
  // Schemas are documentation; the parsers of the model validate, since their errors name the place.
  app.setValidatorCompiler(takeAll);
  app.setSerializerCompiler(asJson);
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(error, request, reply));
  const page = pageFolder();
  app.setNotFoundHandler((request, reply) => {
    if (page !== null && opensPage(request)) return reply.code(404).sendFile('index.html');
    throw nothingThere(routes, request.method, request.url);
  });
  // Nothing is proxied; without an answer Node would close the connection.
  app.server.on('connect', ({ url }, socket) => {
    answerOn(socket, nothingThere(routes, 'CONNECT', url ?? ''));
  });
  // What a client expects besides 100-continue may be ignored (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, reply) => {
    app.routing(request, reply);
  });
  const guesses = new GuessLimit();
  app.addHook('onRequest', async (request) => {
    checkHostHeader(request);
    // It comes from AWS, under any name, with a key of its own.
    if (request.routeOptions.config.ownAccessKey === true) return;
    checkHost(request, options.hosts);
    checkSite(request, (options.frameOrigins ?? []).length > 0);
    if (options.token !== null && request.url !== '/healthz')
      await checkToken(request, options.token, guesses);
    // Before anybody looks at a body.
    if (request.is404) throw nothingThere(routes, request.method, request.url);
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: policy },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  for (const schema of [
    ...wordSchemas,
    ...querySchemas,
    explainSchema,
    placesSchema,
    stateChangeSchema,
    ...documentSchemas,
    silenceSchema,
    acknowledgementSchema,
    problemSchema,
  ])
    app.addSchema(schema);
  await app.register(swagger, {
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `def-${i}`),
    },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Peephole',
        version,
        description: 'Queries over flow logs. Errors are RFC 9457 problems with a stable code.',
        license: { name: 'Apache-2.0' },
      },
    },
  });
  const metrics = measure(app, options.service);
  queryRoutes(app, { service: options.service });
  exportRoute(app, { service: options.service });
  storeRoutes(app, options.service, metrics);
  placesRoute(app, options.service);
  sourcesRoutes(app, options.service);
  await firehoseRoute(app, options.service, options.firehoseKey ?? null);
  await uploadsRoute(app, options.service, {
    mostBytes: options.mostUploadBytes ?? MOST_UPLOAD_BYTES,
    mostPause: options.mostUploadPause ?? MOST_UPLOAD_PAUSE,
  });
  explainRoutes(app, { service: options.service });
  const settings = options.knocksSettings ?? (() => null);
  knocksRoutes(app, { service: options.service }, settings);
  aboutRoutes(app, { service: options.service }, settings);
  doorRoute(app, { service: options.service });
  findingsRoutes(app, options.service, settings);
  documentRoutes(app, options.service);
  if (options.alerts !== undefined) alertRoutes(app, options.service, options.alerts);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  if (page !== null) await servePage(app, page, options.frameOrigins ?? []);
  return app;
}

/** The routes of the server, for paths that are none of them. */
interface Routes {
  readonly app: FastifyInstance;
  /** As `watchRoutes`. */
  readonly patternOf: (path: string) => string;
}

/**
 * Nothing there, or not with that method: then the answer names those that are. A route that takes the method is not
 * found where a part of the path is too long for it.
 */
function nothingThere({ app, patternOf }: Routes, method: string, url: string): PeepholeError {
  const path = url.split('?')[0] ?? '';
  const takes = (['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const).filter((each) =>
    app.hasRoute({ method: each, url: patternOf(path) }),
  );
  if (takes.length === 0) return new PeepholeError('not_found', `Not found: ${path}`);
  if (takes.some((each) => each === method))
    return new PeepholeError(
      'path_too_long',
      `A part of the path is longer than the ${MOST_PATH_CHARACTERS} characters that the server takes.`,
    );
  const message = `${path} takes ${takes.join(' and ')}, not ${method}.`;
  return new PeepholeError('wrong_method', message, { allowed: takes });
}
