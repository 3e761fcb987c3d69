import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PeepholeError, errorKinds, type ErrorCode } from '../model/errors.ts';

/** An RFC 9457 problem. `code` is stable; further members (path, allowed, sql) depend on it. */
interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
}

/** Answers with an error as a problem. Internal errors give no details; the log has them. */
export function sendProblem(
  error: FastifyError | PeepholeError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = knownProblem(error);
  const problem = problemOf(known);
  if (problem.code === 'internal' && !isClientGone(error, reply)) request.log.error(error);
  void reply
    .code(problem.status)
    .headers(problemHeaders(known))
    .type('application/problem+json')
    .send(problem);
}

/** Whether the answer only ended early because the client closed the connection. */
function isClientGone(error: Error, reply: FastifyReply): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE' && reply.raw.destroyed;
}

/** Any error as a `PeepholeError`; an unexpected one gives no details. */
export function knownProblem(error: unknown): PeepholeError {
  return error instanceof PeepholeError ? error : fromFastify(error as Error);
}

/** The body of the answer. */
export function problemOf({ code, message, details }: PeepholeError): Problem {
  return {
    type: 'about:blank',
    title: titles[code],
    status: errorKinds[code].status,
    detail: message,
    code,
    ...details,
  };
}

/** Additional headers. */
export function problemHeaders({ code, details }: PeepholeError): Readonly<Record<string, string>> {
  const { retry_after: after, allowed } = details;
  return {
    ...(code === 'unauthorized' ? { 'www-authenticate': 'Basic realm="Peephole", charset="UTF-8"' } : {}),
    ...(typeof after === 'number' ? { 'retry-after': String(after) } : {}),
    // RFC 9110, 15.5.9: whoever sends too slowly is not waited for.
    ...(code === 'slow_request' ? { connection: 'close' } : {}),
    ...(code === 'wrong_method' && Array.isArray(allowed) ? { allow: allowed.join(', ') } : {}),
  };
}

function fromFastify(error: Error & { readonly statusCode?: number }): PeepholeError {
  switch (error.statusCode) {
    case 413:
      return new PeepholeError('too_large', 'The request is larger than the server takes.');
    case 404:
      return new PeepholeError('not_found', error.message);
    case 415:
      return new PeepholeError(
        'wrong_media_type',
        'The body must be JSON, with the content type application/json.',
      );
    case 400:
      return new PeepholeError('usage', error.message);
    case 412:
      return new PeepholeError('other_version', 'The file is not the version that the request asks for.');
    case 416:
      return new PeepholeError(
        'no_such_part',
        'The file is shorter than the part that the request asks for.',
      );
    case 403:
      return new PeepholeError('forbidden', 'That path is not served.');
    default:
      return new PeepholeError('internal', 'Something went wrong inside Peephole; its log says what.');
  }
}

const titles: Readonly<Record<ErrorCode, string>> = {
  usage: 'Bad request',
  bad_query: 'Invalid query',
  impossible_query: 'Impossible query',
  bad_sql: 'Invalid SQL',
  not_found: 'Not found',
  wrong_method: 'Method not allowed',
  wrong_media_type: 'Unsupported media type',
  slow_request: 'Request timed out',
  headers_too_large: 'Request headers too large',
  path_too_long: 'Path too long',
  other_version: 'Precondition failed',
  no_such_part: 'Range not satisfiable',
  unauthorized: 'Unauthorized',
  forbidden: 'Forbidden',
  slow_down: 'Too many requests',
  too_large: 'Too large',
  cancelled: 'Cancelled',
  timeout: 'Time limit exceeded',
  out_of_memory: 'Out of memory',
  read_only: 'Read-only store',
  disk_full: 'Disk full',
  unreadable_input: 'Unreadable input',
  source_failed: 'Source failed',
  source_refused: 'Source refused',
  busy: 'Server busy',
  store_busy: 'Store busy',
  owner_exited: 'Owner process exited',
  output_failed: 'Output failed',
  store_version: 'Incompatible store version',
  store_damaged: 'Store damaged',
  store_gone: 'Store deleted',
  engine_failed: 'Engine failed',
  engine_unreachable: 'Database unreachable',
  engine_refused: 'Database refuses',
  not_supported: 'Not supported by this database',
  internal: 'Internal error',
};
