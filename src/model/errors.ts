/**
 * The one family of errors that users see. `code` is stable; the message says what to do.
 * Anything else that is thrown is a fault of ours.
 */
export class PeepholeError extends Error {
  readonly code: ErrorCode;
  /** More for machines: the path of the offending part of a query, the SQL that failed, … */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PeepholeError';
    this.code = code;
    this.details = details;
  }
}

/** Each code's HTTP status and exit code, in one place. */
export const errorKinds = {
  usage: { status: 400, exit: 2 },
  /** The form is not right: it does not fit the schema in `/openapi.json`. */
  bad_query: { status: 400, exit: 2 },
  /** The form is right, and what it says can't be: an end before its beginning, a pattern that is none. */
  impossible_query: { status: 409, exit: 2 },
  bad_sql: { status: 400, exit: 2 },
  not_found: { status: 404, exit: 1 },
  wrong_method: { status: 405, exit: 1 },
  wrong_media_type: { status: 415, exit: 1 },
  /** The head of an HTTP request, or the whole of it, came too slowly. */
  slow_request: { status: 408, exit: 1 },
  headers_too_large: { status: 431, exit: 1 },
  path_too_long: { status: 414, exit: 1 },
  /** Of a file that is not as the request's If-Match has it; of a part that it has not. */
  other_version: { status: 412, exit: 1 },
  no_such_part: { status: 416, exit: 1 },
  unauthorized: { status: 401, exit: 1 },
  forbidden: { status: 403, exit: 1 },
  /** Too many wrong tokens. `details.retry_after`: seconds. */
  slow_down: { status: 429, exit: 1 },
  too_large: { status: 413, exit: 1 },
  cancelled: { status: 499, exit: 1 },
  timeout: { status: 504, exit: 1 },
  out_of_memory: { status: 507, exit: 1 },
  read_only: { status: 403, exit: 1 },
  disk_full: { status: 507, exit: 1 },
  unreadable_input: { status: 422, exit: 1 },
  /** A source could not give something now; later it may. */
  source_failed: { status: 502, exit: 1 },
  /** A source refuses: credentials or permissions are missing, or what was named is not there. */
  source_refused: { status: 502, exit: 1 },
  /** More is asked than can be answered in time. `details.retry_after`: seconds. */
  busy: { status: 503, exit: 1 },
  store_busy: { status: 503, exit: 1 },
  /** The process that held the store ended in the middle of the call. */
  owner_exited: { status: 503, exit: 1 },
  output_failed: { status: 500, exit: 1 },
  store_version: { status: 500, exit: 1 },
  store_damaged: { status: 500, exit: 1 },
  store_gone: { status: 500, exit: 1 },
  engine_failed: { status: 500, exit: 1 },
  /** The server that the store is on does not answer; or it refuses who asks. */
  engine_unreachable: { status: 502, exit: 1 },
  engine_refused: { status: 502, exit: 1 },
  /** What this kind of database can't do. */
  not_supported: { status: 501, exit: 1 },
  internal: { status: 500, exit: 1 },
} as const satisfies Record<string, { status: number; exit: number }>;

export type ErrorCode = keyof typeof errorKinds;

/** A code that came from another thread or process, or `internal`. */
export function errorCodeOf(code: string): ErrorCode {
  return Object.hasOwn(errorKinds, code) ? (code as ErrorCode) : 'internal';
}

/** Throws the `abortReason` of a signal that is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal);
}

/** Why a signal was aborted: its reason if that is one of our errors, else `cancelled`. */
export function abortReason(signal: AbortSignal): PeepholeError {
  const reason: unknown = signal.reason;
  return reason instanceof PeepholeError
    ? reason
    : new PeepholeError('cancelled', 'The query was cancelled.');
}
