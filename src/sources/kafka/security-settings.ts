import { readFileSync } from 'node:fs';
import { PeepholeError } from '../../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What TLS is done with, as PEM; without a certificate of an authority: what Node trusts. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Of the key. */
  readonly passphrase?: string;
}

/** Who logs in by a password. */
export interface PasswordLogin {
  readonly mechanism: (typeof passwordMechanisms)[number];
  readonly username: string;
  readonly password: string;
}

export const passwordMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

/**
 * How variables say that brokers of Kafka are reached: by TLS (null: in the clear), and whether with a login. Files of certificates are
 * read. Throws `usage` for invalid settings.
 *
 * @param prefix what the names of the variables begin with, such as `KAFKA_`
 */
export function securitySettings(
  environment: Environment,
  prefix: string,
): { readonly tls: TlsSettings | null; readonly logsIn: boolean } {
  const tlsGiven = ['SSL_CA', 'SSL_CERT', 'SSL_KEY'].some((name) => `${prefix}${name}` in environment);
  const loginGiven = environment[`${prefix}SASL_MECHANISM`] !== undefined;
  const unsaid = loginGiven ? 'SASL_SSL' : tlsGiven ? 'SSL' : 'PLAINTEXT';
  const protocol = environment[`${prefix}SECURITY_PROTOCOL`] ?? unsaid;
  if (!PROTOCOLS.includes(protocol))
    throw new PeepholeError(
      'usage',
      `${prefix}SECURITY_PROTOCOL is one of ${PROTOCOLS.join(', ')}, not ${protocol}.`,
    );
  return {
    tls: protocol.endsWith('SSL') ? tlsSettings(environment, prefix) : null,
    logsIn: protocol.startsWith('SASL'),
  };
}

/** The login by a password; null: another mechanism is asked for, or none. Throws `usage` where something of it is missing. */
export function passwordLogin(environment: Environment, prefix: string): PasswordLogin | null {
  const asked = environment[`${prefix}SASL_MECHANISM`];
  const mechanism = passwordMechanisms.find((one) => one === asked);
  if (mechanism === undefined) return null;
  const username = environment[`${prefix}SASL_USERNAME`];
  const password = environment[`${prefix}SASL_PASSWORD`];
  if (username === undefined || password === undefined)
    throw new PeepholeError(
      'usage',
      `${mechanism} asks who you are: set ${prefix}SASL_USERNAME and ${prefix}SASL_PASSWORD.`,
    );
  return { mechanism, username, password };
}

/** The error for a mechanism that is not among those that there are. */
export function unknownMechanism(
  environment: Environment,
  prefix: string,
  mechanisms: readonly string[],
): PeepholeError {
  const mechanism = environment[`${prefix}SASL_MECHANISM`];
  return new PeepholeError(
    'usage',
    `${prefix}SASL_MECHANISM is one of ${mechanisms.join(', ')}, ${mechanism === undefined ? 'and not set' : `not ${mechanism}`}.`,
  );
}

function tlsSettings(environment: Environment, prefix: string): TlsSettings {
  const [certName, keyName] = [`${prefix}SSL_CERT`, `${prefix}SSL_KEY`];
  if ((environment[certName] === undefined) !== (environment[keyName] === undefined))
    throw new PeepholeError('usage', `${certName} and ${keyName} go together.`);
  const passphrase = environment[`${prefix}SSL_KEY_PASSWORD`];
  return {
    ...fileOf('ca', `${prefix}SSL_CA`, environment),
    ...fileOf('cert', certName, environment),
    ...fileOf('key', keyName, environment),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function fileOf(option: 'ca' | 'cert' | 'key', name: string, environment: Environment): TlsSettings {
  const path = environment[name];
  if (path === undefined) return {};
  try {
    return { [option]: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new PeepholeError('usage', `${name}: ${(error as Error).message}`, {}, { cause: error });
  }
}
