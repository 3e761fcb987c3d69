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

/** Answers with what went wrong. Faults of ours say no more than that; the log has the rest. */
export function sendProblem(
  error: FastifyError | PeepholeError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = error instanceof PeepholeError ? error : fromFastify(error);
  const problem = problemOf(known);
  if (problem.code === 'internal') request.log.error(error);
  void reply
    .code(problem.status)
    .headers(problemHeaders(known))
    .type('application/problem+json')
    .send(problem);
}

/** What the body says. */
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

/** What the headers say besides. */
export function problemHeaders({ code, details }: PeepholeError): Readonly<Record<string, string>> {
  const { retry_after: after, allowed } = details;
  return {
    ...(code === 'unauthorized' ? { 'www-authenticate': 'Basic realm="Peephole", charset="UTF-8"' } : {}),
    ...(typeof after === 'number' ? { 'retry-after': String(after) } : {}),
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
  usage: 'The request is not right',
  bad_query: 'The query is not right',
  impossible_query: 'What the query says can’t be',
  bad_sql: 'The SQL is not right',
  not_found: 'There is no such thing',
  wrong_method: 'Not with that method',
  wrong_media_type: 'Not in that form',
  slow_request: 'The request took too long',
  headers_too_large: 'Too many headers',
  other_version: 'The file is another version',
  no_such_part: 'The file has no such part',
  unauthorized: 'Who are you?',
  forbidden: 'Not allowed',
  slow_down: 'Too many wrong tokens',
  too_large: 'Too large',
  cancelled: 'Cancelled',
  timeout: 'Took too long',
  out_of_memory: 'Not enough memory',
  read_only: 'The store can only be read',
  disk_full: 'The disk is full',
  unreadable_input: 'An input could not be read',
  busy: 'Too busy',
  store_busy: 'The store is busy',
  owner_exited: 'The process that answers has ended',
  output_failed: 'The output could not be written',
  store_version: 'The store has another version',
  store_damaged: 'The store is damaged',
  store_gone: 'The store was deleted',
  engine_failed: 'The engine failed',
  internal: 'Internal error',
};
