import { readFile } from 'node:fs/promises';
import type { ConnectionOptions, SASLOptions } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import type { SourceRequest } from '../source.ts';
import { awsTokens } from './aws-token.ts';

type Environment = SourceRequest['environment'];

/** How brokers are reached. */
export interface KafkaConnection extends Pick<ConnectionOptions, 'tls' | 'sasl' | 'tlsServerName'> {
  readonly bootstrapBrokers: string[];
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const PASSWORD_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const MECHANISMS = [...PASSWORD_MECHANISMS, 'OAUTHBEARER'];

/**
 * The connection that options and `KAFKA_…` variables ask for (docs/sources.md lists them); files of certificates are
 * read. Throws `usage` for invalid settings.
 */
export async function connectionOptions(request: SourceRequest): Promise<KafkaConnection> {
  const { options, environment } = request;
  const bootstrapBrokers = brokersOf(options.brokers, environment);
  const mechanism = environment['KAFKA_SASL_MECHANISM'];
  const tlsGiven = ['KAFKA_SSL_CA', 'KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'].some((name) => name in environment);
  const unsaid = mechanism !== undefined ? 'SASL_SSL' : tlsGiven ? 'SSL' : 'PLAINTEXT';
  const protocol = environment['KAFKA_SECURITY_PROTOCOL'] ?? unsaid;
  if (!PROTOCOLS.includes(protocol))
    throw new PeepholeError(
      'usage',
      `KAFKA_SECURITY_PROTOCOL is one of ${PROTOCOLS.join(', ')}, not ${protocol}.`,
    );
  return {
    bootstrapBrokers,
    ...(protocol.endsWith('SSL') ? { tls: await tlsOptions(environment), tlsServerName: true } : {}),
    ...(protocol.startsWith('SASL') ? { sasl: saslOptions(request, bootstrapBrokers) } : {}),
  };
}

function brokersOf(given: readonly string[], environment: Environment): string[] {
  const brokers = (given.length > 0 ? given : (environment['KAFKA_BROKERS'] ?? '').split(','))
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (brokers.length === 0)
    throw new PeepholeError(
      'usage',
      'Which Kafka? Give --brokers HOST:PORT,… or set KAFKA_BROKERS to some of its brokers.',
    );
  for (const broker of brokers)
    if (!/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker))
      throw new PeepholeError('usage', `A broker is HOST:PORT, not ${JSON.stringify(broker)}.`);
  return brokers;
}

async function tlsOptions(environment: Environment): Promise<NonNullable<ConnectionOptions['tls']>> {
  const certificate = environment['KAFKA_SSL_CERT'];
  const key = environment['KAFKA_SSL_KEY'];
  if ((certificate === undefined) !== (key === undefined))
    throw new PeepholeError('usage', 'KAFKA_SSL_CERT and KAFKA_SSL_KEY go together.');
  const passphrase = environment['KAFKA_SSL_KEY_PASSWORD'];
  return {
    ...(await fileOf('ca', 'KAFKA_SSL_CA', environment)),
    ...(await fileOf('cert', 'KAFKA_SSL_CERT', environment)),
    ...(await fileOf('key', 'KAFKA_SSL_KEY', environment)),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

async function fileOf(
  option: 'ca' | 'cert' | 'key',
  name: string,
  environment: Environment,
): Promise<Partial<Record<'ca' | 'cert' | 'key', string>>> {
  const path = environment[name];
  if (path === undefined) return {};
  try {
    return { [option]: await readFile(path, 'utf8') };
  } catch (error) {
    throw new PeepholeError('usage', `${name}: ${(error as Error).message}`, {}, { cause: error });
  }
}

function saslOptions(request: SourceRequest, brokers: readonly string[]): SASLOptions {
  const { environment } = request;
  const mechanism = environment['KAFKA_SASL_MECHANISM'];
  const byPassword = PASSWORD_MECHANISMS.find((one) => one === mechanism);
  if (byPassword !== undefined) {
    const username = environment['KAFKA_SASL_USERNAME'];
    const password = environment['KAFKA_SASL_PASSWORD'];
    if (username === undefined || password === undefined)
      throw new PeepholeError(
        'usage',
        `${byPassword} asks who you are: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD.`,
      );
    return { mechanism: byPassword, username, password };
  }
  if (mechanism !== 'OAUTHBEARER')
    throw new PeepholeError(
      'usage',
      `KAFKA_SASL_MECHANISM is one of ${MECHANISMS.join(', ')}, ${mechanism === undefined ? 'and not set' : `not ${mechanism}`}.`,
    );
  const token = environment['KAFKA_SASL_TOKEN'];
  if (token !== undefined) return { mechanism, token };
  // Asked for at each log-in, also when the broker asks again on a connection: a token lives 15 minutes.
  return { mechanism, token: awsTokens(request, brokers) };
}
