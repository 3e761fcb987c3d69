import { PeepholeError } from '../../model/errors.ts';

/** The request to AWS that failed. */
export interface AwsRequestContext {
  /** The beginning of the message: `s3://logs/a.log.gz could not be read`. */
  readonly what: string;
  /** What a policy must allow for it: `s3:GetObject on arn:aws:s3:::logs/*`. */
  readonly permission: string;
  /** Whether expired credentials may be renewed automatically. */
  readonly renewable: boolean;
}

const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AllAccessDisabled',
  'AccountProblem',
  'Forbidden',
  'UnauthorizedOperation',
  'KMS.AccessDeniedException',
]);
const EXPIRED: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'RequestExpired',
]);
const NOT_ACCEPTED: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const NOT_THERE: ReadonlySet<string> = new Set([
  'AWS.SimpleQueueService.NonExistentQueue',
  'NoSuchBucket',
  'NotFound',
  'QueueDoesNotExist',
  'ResourceNotFoundException',
]);
const WRONG_CLOCK: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestInTheFuture']);
const THROTTLED = /throttl|slow ?down|limit ?exceeded|too ?many ?requests|timeout|timed out/i;

/**
 * An error of the AWS SDK as a PeepholeError with AWS's own message: `source_refused` if something must be changed
 * first, `source_failed` if a retry may help, `cancelled` if it was aborted.
 */
export function awsError(error: unknown, context: AwsRequestContext): PeepholeError {
  if (error instanceof PeepholeError) return error;
  const { what, permission, renewable } = context;
  const name = nameOf(error);
  const said = wordsOf(error);
  const made = (code: 'source_refused' | 'source_failed', hint: string): PeepholeError =>
    new PeepholeError(code, `${what}: ${said}${hint}`, { aws: name }, { cause: error });
  if (name === 'AbortError') return new PeepholeError('cancelled', `${what}: it was cancelled.`);
  if (EXPIRED.has(name)) {
    return renewable
      ? made('source_failed', ' The credentials have expired, and are asked for again.')
      : made('source_refused', ' The credentials have expired: give new ones.');
  }
  if (NOT_ACCEPTED.has(name)) return made('source_refused', ' AWS does not accept the credentials.');
  if (DENIED.has(name) || statusOf(error) === 401 || statusOf(error) === 403) {
    return made('source_refused', ` Needed is ${permission} (docs/sources.md has the whole policy).`);
  }
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(said)) {
    return made(
      'source_refused',
      ' Give credentials as for the AWS command line: --profile, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
  }
  if (/region is missing|region=""/i.test(said))
    return made('source_refused', ' Give --region, or set AWS_REGION.');
  if (WRONG_CLOCK.has(name)) return made('source_refused', ' Set the clock of this machine.');
  if (NOT_THERE.has(name)) return made('source_refused', ' Is the name right, and the region?');
  const refused = isClientFault(statusOf(error)) && !THROTTLED.test(`${name} ${said}`);
  return made(refused ? 'source_refused' : 'source_failed', '');
}

/** Whether AWS refused this one request only, and not the credentials, the clock or the whole service. */
export function isRefusalOfOne(error: unknown): boolean {
  const name = nameOf(error);
  const isOfAll = [EXPIRED, NOT_ACCEPTED, NOT_THERE, WRONG_CLOCK].some((names) => names.has(name));
  return isClientFault(statusOf(error)) && !isOfAll && !THROTTLED.test(name);
}

/** The service's code for an error, such as `NoSuchKey`; where it sends none, the SDK's name for it. */
export function nameOf(error: unknown): string {
  const { name, Code } = error as { readonly name?: unknown; readonly Code?: unknown };
  const text = typeof Code === 'string' && Code !== '' ? Code : name;
  return typeof text === 'string' ? text : 'Error';
}

/** The HTTP status of the answer; null: there was none. */
export function statusOf(error: unknown): number | null {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? null;
}

function isClientFault(status: number | null): boolean {
  // Time-outs, conflicts and too many requests go away.
  return status !== null && status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);
}

/** AWS's own words, as a sentence. */
function wordsOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  const name = nameOf(error);
  const text = typeof message === 'string' && message.trim() !== '' ? message.trim() : name;
  const withName = text === name || text === 'UnknownError' ? name : `${text.replace(/[.:]$/, '')} (${name})`;
  return `${withName}.`;
}
