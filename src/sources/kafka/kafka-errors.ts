import { PeepholeError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';

/** Errors of the protocol (https://kafka.apache.org/protocol#protocol_error_codes) that go away only if somebody changes something. */
const REFUSALS: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_GROUP_ID',
  'INCONSISTENT_GROUP_PROTOCOL',
  'GROUP_MAX_SIZE_REACHED',
  'UNSUPPORTED_VERSION',
]);

/** Errors of TLS: the certificates on one side don't fit the other's. */
const TLS = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO|ERR_OSSL/;

/** Errors of a group that changes: whoever reads takes its partitions again. */
const REJOINS: ReadonlySet<string> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'FENCED_INSTANCE_ID',
]);

/** Errors of one partition that only say that it has no leader at the moment, or another one. */
const LEADERLESS: ReadonlySet<number> = new Set([
  5, // LEADER_NOT_AVAILABLE
  6, // NOT_LEADER_OR_FOLLOWER
  8, // BROKER_NOT_AVAILABLE
  9, // REPLICA_NOT_AVAILABLE
  56, // KAFKA_STORAGE_ERROR
  72, // LISTENER_NOT_FOUND
  74, // FENCED_LEADER_EPOCH
  75, // UNKNOWN_LEADER_EPOCH
  78, // OFFSET_NOT_AVAILABLE
]);

/** What an error is made of: itself, its causes, and the errors that it collects. */
interface Piece {
  readonly code: string;
  readonly apiId: string;
  readonly message: string;
}

function* piecesOf(error: unknown, depth = 0): Generator<Piece> {
  if (!(error instanceof Error) || depth > 8) return;
  const { code, apiId, serverErrorMessage } = error as {
    code?: unknown;
    apiId?: unknown;
    serverErrorMessage?: unknown;
  };
  yield {
    code: typeof code === 'string' ? code : '',
    apiId: typeof apiId === 'string' ? apiId : '',
    message:
      typeof serverErrorMessage === 'string' ? `${error.message} ${serverErrorMessage}` : error.message,
  };
  if (error instanceof AggregateError) for (const one of error.errors) yield* piecesOf(one, depth + 1);
  yield* piecesOf(error.cause, depth + 1);
}

/** Whether the error only says that the group changed. */
export function isRejoin(error: unknown): boolean {
  return [...piecesOf(error)].some(({ apiId }) => REJOINS.has(apiId));
}

/** Whether the error is of a connection: a broker that is away, or silent. */
export function isNetworkError(error: unknown): boolean {
  return [...piecesOf(error)].some(({ code }) => code === 'PLT_KFK_NETWORK' || code === 'PLT_KFK_TIMEOUT');
}

/** Whether the code of an error says that a partition has no leader at the moment, or another one. */
export function isLeaderMissing(errorCode: number): boolean {
  return LEADERLESS.has(errorCode);
}

/** Whether the error says that there is no such topic (any more). */
export function isUnknownTopic(error: unknown): boolean {
  return [...piecesOf(error)].some(
    ({ apiId, message }) =>
      apiId === 'UNKNOWN_TOPIC_OR_PARTITION' ||
      apiId === 'UNKNOWN_TOPIC_ID' ||
      message.startsWith('Unknown topic '),
  );
}

/** An error of a client of Kafka as people see it: `source_refused`, or `source_failed`. */
export function toSourceError(error: unknown, what: string): PeepholeError {
  if (error instanceof PeepholeError) return error;
  const pieces = [...piecesOf(error)];
  // The innermost says most.
  const { message, apiId, code } = pieces.at(-1) ?? { message: String(error), apiId: '', code: '' };
  const label = apiId || (code.startsWith('PLT_') ? '' : code);
  const reason = safeText(label === '' || message.includes(label) ? message : `${label}: ${message}`);
  const options = { cause: error };
  const refused = pieces.find(
    (piece) => REFUSALS.has(piece.apiId) || piece.code === 'PLT_KFK_AUTHENTICATION',
  );
  if (refused !== undefined)
    return new PeepholeError(
      'source_refused',
      `${what}: ${reason} Look at KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_…, and what this user may do with the topic and the group.`,
      {},
      options,
    );
  if (pieces.some((piece) => TLS.test(piece.code)))
    return new PeepholeError(
      'source_refused',
      `${what}: ${reason}. Look at KAFKA_SECURITY_PROTOCOL and at KAFKA_SSL_CA, the certificate that signed the brokers'.`,
      {},
      options,
    );
  return new PeepholeError('source_failed', `${what}: ${reason}`, {}, options);
}
