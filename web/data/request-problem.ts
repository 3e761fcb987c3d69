/** The code of a part of the page whose script can't be loaded. */
export const PART_MISSING = 'part_missing';

/** An error of a request: RFC 9457 problem JSON, or a text of ours if there was none. */
export class Problem extends Error {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  /** The invalid part of the query, as a path. */
  readonly path: string | null;
  /** The engine's error message for an invalid expression. */
  readonly reason: string | null;

  constructor(fields: {
    readonly code: string;
    readonly title: string;
    readonly detail: string;
    readonly status?: number;
    readonly path?: string | null;
    readonly reason?: string | null;
  }) {
    super(fields.detail);
    this.name = 'Problem';
    this.code = fields.code;
    this.title = fields.title;
    this.status = fields.status ?? 0;
    this.path = fields.path ?? null;
    this.reason = fields.reason ?? null;
  }
}

/** Of requests that are valid, and refused for who sends them, or how many or how large ones. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 408, 413, 429, 499]);

/** Whether the request was invalid: as opposed to a failure of the server, and to one that may not be sent now. */
export function isRequestFault(error: Error): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500 && !REFUSED.has(error.status);
}

/** Whether the question itself was invalid, not the address that it was sent to. */
export function isQuestionFault(error: Error): boolean {
  return isRequestFault(error) && (error as Problem).status !== 404;
}

/** Whether no answer came at all, so that the same request may have one later. */
export function isUnreached(error: unknown): boolean {
  return error instanceof Error && !(error instanceof Problem && error.status > 0);
}

/** Makes a problem of an answer that is not OK. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  return problemFrom(body, response.status, response.statusText);
}

/** Makes a problem of an answer's body: problem JSON, if it is some. */
export function problemFrom(body: unknown, status: number, statusText: string): Problem {
  const fields = isRecord(body) ? body : {};
  return new Problem({
    code: text(fields['code']) ?? `http_${status}`,
    title: text(fields['title']) ?? 'The request failed',
    detail: text(fields['detail']) ?? `Status ${status} ${statusText}.`.trim(),
    status,
    path: text(fields['path']),
    reason: text(fields['reason']),
  });
}

/** A query that is not sent, because it is invalid at that path. */
export function refused(path: string): Problem {
  return new Problem({ code: 'bad_query', title: 'Invalid query', detail: path, status: 400, path });
}

/** No answer at all. */
export function unreachable(): Problem {
  return new Problem({
    code: 'unreachable',
    title: 'Can’t reach the server',
    detail: 'Is “peephole serve” still running? The page asks again once it answers.',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
