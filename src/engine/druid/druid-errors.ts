import { type ErrorCode, PeepholeError } from '../../model/errors.ts';

/** One of our errors for an answer of Druid's that is none. @param where the server's address */
export function refusal(status: number, body: string, where: string, sql?: string): PeepholeError {
  const html = titleIn(body);
  const text = messageIn(body) ?? html ?? body.slice(0, 500);
  const code: ErrorCode =
    status === 401 || status === 403
      ? 'engine_refused'
      : // A historical has just gone, and the broker does not know it yet.
        /faulty channel|channel disconnected/i.test(text) ||
          // Services answer in JSON. In HTML the router says that it reached none: with status 500 while the overlord is away.
          status === 502 ||
          status === 503 ||
          (status === 500 && html !== null)
        ? 'engine_unreachable'
        : status === 504
          ? 'timeout'
          : 'engine_failed';
  return new PeepholeError(
    code,
    `Druid at ${where}: ${text === '' ? `HTTP status ${status}` : text}`,
    sql === undefined ? {} : { sql },
  );
}

/** What went wrong below HTTP: nobody listens, or whoever listened has gone. */
export function unreachable(error: unknown, where: string): PeepholeError {
  const cause = error instanceof Error ? error.cause : undefined;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : (error as Error).message;
  return new PeepholeError(
    'engine_unreachable',
    `Druid at ${where} does not answer (${reason}). Is --engine-url right, and are the router and the broker running?`,
    {},
    { cause: error },
  );
}

/** Whether a connection was closed by the other side before there was an answer. @param error of `fetch` */
export function wasClosed(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

/** The title of a page; null: the text is no page. */
function titleIn(body: string): string | null {
  return /^\s*<html>[\s\S]*?<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? null;
}

/** What Druid says in JSON; it has had several shapes. */
function messageIn(body: string): string | null {
  try {
    const { errorMessage, error } = JSON.parse(body) as {
      readonly errorMessage?: unknown;
      readonly error?: unknown;
    };
    if (typeof errorMessage === 'string') return errorMessage;
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}
