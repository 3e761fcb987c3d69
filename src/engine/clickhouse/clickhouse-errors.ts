import { ClickHouseError } from '@clickhouse/client';
import { PeepholeError, type ErrorCode } from '../../model/errors.ts';
import { explainRegexError } from '../../sql/dialects/clickhouse/clickhouse-regex-error.ts';

/** ClickHouse's numbers of errors (its ErrorCodes.cpp) that are not about the statement. */
const codes: Readonly<Record<string, ErrorCode>> = {
  '394': 'cancelled',
  '241': 'out_of_memory',
  '243': 'disk_full',
  '193': 'engine_refused',
  '194': 'engine_refused',
  '497': 'engine_refused',
  '516': 'engine_refused',
  '279': 'engine_unreachable',
  '289': 'engine_unreachable',
  '305': 'engine_unreachable',
  // Limits of the user's profile: of rows and bytes read, in sets, and of what is answered.
  '158': 'too_large',
  '191': 'too_large',
  '307': 'too_large',
  '396': 'too_large',
};

/** Those after which the same statement may well succeed: too many queries or parts, time-outs of its network, replicas that are away. */
const passing: ReadonlySet<string> = new Set([
  '159',
  '202',
  '209',
  '210',
  '225',
  '242',
  '252',
  '279',
  '285',
  '286',
  '289',
  '319',
  '999',
]);

/** Errors of Node's parser of HTTP, and of TLS with a server that has none. */
const NOT_HTTP = /^HPE_|^EPROTO$/;

/** Whether the error is temporary, or the outcome is not known. `converted` is what `toPeepholeError` made of it. */
export function isPassing(error: unknown, converted: PeepholeError): boolean {
  return error instanceof ClickHouseError ? passing.has(error.code) : converted.code === 'engine_unreachable';
}

/** A replica that does not have yet what others acknowledged. @param error one of ours */
export function isBehind(error: unknown): boolean {
  return (
    error instanceof PeepholeError && error.cause instanceof ClickHouseError && error.cause.code === '289'
  );
}

/** One of our errors for what the client threw. `where` is the server's address, `sql` the statement. */
export function toPeepholeError(error: unknown, where: string, sql: string): PeepholeError {
  if (error instanceof PeepholeError) return error;
  const cause = { cause: error };
  if (error instanceof ClickHouseError) {
    const bad = explainRegexError(error);
    if (bad !== null) return bad;
    const text = `ClickHouse at ${where}: ${error.message}`;
    return new PeepholeError(codes[error.code] ?? 'engine_failed', text, { sql }, cause);
  }
  const other = otherAnswer(error);
  if (other !== null)
    return new PeepholeError(
      'engine_unreachable',
      `What is at ${where} answers, but not as ClickHouse does (${other}). Is --engine-url right, and may this user use it?`,
      {},
      cause,
    );
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const code = codeOf(error);
  return new PeepholeError(
    'engine_unreachable',
    `ClickHouse at ${where} does not answer (${code !== null && !reason.includes(code) ? `${code}: ` : ''}${reason}). Is --engine-url right, and the server running?`,
    {},
    cause,
  );
}

/** What a server said that answers otherwise than ClickHouse (a proxy, another server); null: there was no answer. */
function otherAnswer(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // Nobody else makes errors of these kinds: the client read what are no rows.
  if (error instanceof SyntaxError || error instanceof TypeError) return 'what came are no rows';
  if (codeOf(error) !== null) return NOT_HTTP.test(codeOf(error) ?? '') ? 'not in HTTP' : null;
  if (error.name !== 'Error' || /timeout|aborted|socket|connection/i.test(error.message)) return null;
  // The client has the text of an answer, and not its status.
  const text = error.message
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? 'an error without a text' : text.slice(0, 200);
}

function codeOf(error: unknown): string | null {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
