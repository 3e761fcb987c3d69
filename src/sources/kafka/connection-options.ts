import type { ConnectionOptions, SASLOptions } from '@platformatic/kafka';
import { PeepholeError } from '../../model/errors.ts';
import type { SourceRequest } from '../source.ts';
import { awsTokens } from './aws-token.ts';
import {
  passwordLogin,
  passwordMechanisms,
  securitySettings,
  unknownMechanism,
} from './security-settings.ts';

type Environment = SourceRequest['environment'];

/** How brokers are reached. */
export interface KafkaConnection extends Pick<ConnectionOptions, 'tls' | 'sasl' | 'tlsServerName'> {
  readonly bootstrapBrokers: string[];
}

const PREFIX = 'KAFKA_';
const MECHANISMS = [...passwordMechanisms, 'OAUTHBEARER'];

/**
 * The connection that options and `KAFKA_…` variables ask for (docs/sources.md lists them); files of certificates are
 * read. Throws `usage` for invalid settings.
 */
export async function connectionOptions(request: SourceRequest): Promise<KafkaConnection> {
  const { options, environment } = request;
  const bootstrapBrokers = brokersOf(options.brokers, environment);
  const { tls, logsIn } = securitySettings(environment, PREFIX);
  return {
    bootstrapBrokers,
    ...(tls === null ? {} : { tls, tlsServerName: true }),
    ...(logsIn ? { sasl: saslOptions(request, bootstrapBrokers) } : {}),
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

function saslOptions(request: SourceRequest, brokers: readonly string[]): SASLOptions {
  const { environment } = request;
  const login = passwordLogin(environment, PREFIX);
  if (login !== null) return { ...login };
  const mechanism = environment[`${PREFIX}SASL_MECHANISM`];
  if (mechanism !== 'OAUTHBEARER') throw unknownMechanism(environment, PREFIX, MECHANISMS);
  const token = environment[`${PREFIX}SASL_TOKEN`];
  if (token !== undefined) return { mechanism, token };
  // Asked for at each log-in, also when the broker asks again on a connection: a token lives 15 minutes.
  return { mechanism, token: awsTokens(request, brokers) };
}
