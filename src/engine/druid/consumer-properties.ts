import { createPrivateKey } from 'node:crypto';
import { PeepholeError } from '../../model/errors.ts';
import type { KafkaAddress } from '../store-driver.ts';

/**
 * The properties by which Druid's consumers reach brokers (https://kafka.apache.org/documentation/#consumerconfigs): those that are
 * given, or the same login and certificates as ours. Throws `usage` for a key that can't be read.
 */
export function consumerProperties(kafka: KafkaAddress): Readonly<Record<string, unknown>> {
  return {
    'bootstrap.servers': kafka.brokers.join(','),
    ...(kafka.consumer ?? securityOf(kafka)),
    'isolation.level': 'read_committed',
  };
}

/** The same, to be shown: what nobody should read is left out. */
export function withoutSecrets(properties: Readonly<Record<string, unknown>>): typeof properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isSecret(name) ? '<secret>' : value]),
  );
}

function isSecret(name: string): boolean {
  return /jaas|password|\.key$|secret|token/i.test(name);
}

function securityOf({ tls, login }: KafkaAddress): Readonly<Record<string, string>> {
  if (tls === undefined && login === undefined) return {};
  const { ca, cert } = tls ?? {};
  const protocol = `${login === undefined ? '' : 'SASL_'}${tls === undefined ? 'PLAINTEXT' : 'SSL'}`;
  return {
    'security.protocol': protocol,
    ...(login === undefined ? {} : { 'sasl.mechanism': login.mechanism, 'sasl.jaas.config': jaasOf(login) }),
    ...(ca === undefined ? {} : { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': ca }),
    ...(cert === undefined
      ? {}
      : {
          'ssl.keystore.type': 'PEM',
          'ssl.keystore.certificate.chain': cert,
          'ssl.keystore.key': keyOf(tls ?? {}),
        }),
  };
}

/** Kafka reads keys of PKCS #8 only. */
function keyOf({ key = '', passphrase }: NonNullable<KafkaAddress['tls']>): string {
  try {
    const parsed = createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) });
    return parsed.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PeepholeError(
      'usage',
      `The private key for Kafka can’t be read: ${reason}`,
      {},
      { cause: error },
    );
  }
}

/** A login module with its options, in the form of JAAS: in quotes a backslash takes away what the next character means. */
function jaasOf({ mechanism, username, password }: NonNullable<KafkaAddress['login']>): string {
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule';
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return `org.apache.kafka.common.security.${module} required username=${quoted(username)} password=${quoted(password)};`;
}
