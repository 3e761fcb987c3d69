import { readFileSync } from 'node:fs';
import type { KafkaAddress } from '../engine/store-driver.ts';
import { PeepholeError } from '../model/errors.ts';
import {
  passwordLogin,
  passwordMechanisms,
  securitySettings,
  unknownMechanism,
} from '../sources/kafka/security-settings.ts';

const PREFIX = 'PEEPHOLE_ENGINE_KAFKA_';
const CONSUMER = `${PREFIX}CONSUMER_PROPERTIES`;

/**
 * The brokers of `--engine-kafka`, with TLS and login as `PEEPHOLE_ENGINE_KAFKA_…` variables say (docs/engines.md lists them). Throws
 * `usage`.
 *
 * @param given `host:port`, several with commas between
 */
export function engineKafka(given: string, env: NodeJS.ProcessEnv): KafkaAddress {
  const brokers = given
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  for (const broker of brokers)
    if (!/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(broker))
      throw new PeepholeError(
        'usage',
        `A broker of --engine-kafka is HOST:PORT, not ${JSON.stringify(broker)}.`,
      );
  if (brokers.length === 0) throw new PeepholeError('usage', '--engine-kafka names no broker: HOST:PORT,…');
  const { tls, logsIn } = securitySettings(env, PREFIX);
  const login = logsIn ? passwordLogin(env, PREFIX) : null;
  if (logsIn && login === null) throw unknownMechanism(env, PREFIX, passwordMechanisms);
  const consumer = consumerOf(env);
  return {
    brokers,
    ...(tls === null ? {} : { tls }),
    ...(login === null ? {} : { login }),
    ...(consumer === null ? {} : { consumer }),
  };
}

function consumerOf(env: NodeJS.ProcessEnv): Readonly<Record<string, unknown>> | null {
  const file = env[CONSUMER] ?? '';
  if (file === '') return null;
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
    throw new Error('it is not a JSON object');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PeepholeError('usage', `$${CONSUMER}: ${file}: ${reason}`, {}, { cause: error });
  }
}
