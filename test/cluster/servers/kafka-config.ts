import { join } from 'node:path';

/** Who may log in, by every mechanism. */
export const kafkaUser = { username: 'peephole', password: 'correct horse' } as const;

/** Of the broker's own key store, which lies in its temporary folder. */
export const STORE_PASSWORD = 'not-a-secret';

/** The ways to reach a broker: in the clear or by TLS, without or with a log-in, or with one that holds for four seconds. */
const listeners = ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL', 'SASL_SHORT'] as const;
export type Listener = (typeof listeners)[number];

const withLogIn = ['SASL_PLAINTEXT', 'SASL_SSL', 'SASL_SHORT'] as const;

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

/** The properties of a broker in the clear that joins a cluster. */
export function joiningProperties(folder: string, port: number, controllerPort: number): string {
  return [
    'process.roles=broker',
    'node.id=2',
    `controller.quorum.bootstrap.servers=localhost:${controllerPort}`,
    `listeners=PLAINTEXT://localhost:${port}`,
    `advertised.listeners=PLAINTEXT://localhost:${port}`,
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `log.dirs=${join(folder, 'data').replaceAll('\\', '/')}`,
    'controlled.shutdown.enable=false',
    '',
  ].join('\n');
}

/** The properties of a broker that is its own controller (https://kafka.apache.org/documentation/#brokerconfigs). */
export function brokerProperties(
  folder: string,
  ports: Readonly<Record<Listener, number>>,
  controllerPort: number,
  more: readonly string[] = [],
): string {
  const at = listeners.map((name) => `${name}://localhost:${ports[name]}`);
  const common = 'org.apache.kafka.common.security';
  const login: Readonly<Record<(typeof mechanisms)[number], string>> = {
    PLAIN: `${common}.plain.PlainLoginModule required user_${kafkaUser.username}="${kafkaUser.password}"`,
    'SCRAM-SHA-256': `${common}.scram.ScramLoginModule required`,
    'SCRAM-SHA-512': `${common}.scram.ScramLoginModule required`,
    // Takes tokens without a signature.
    OAUTHBEARER: `${common}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker"`,
  };
  const logins = withLogIn.flatMap((listener) =>
    mechanisms.map(
      (mechanism) =>
        `listener.name.${listener.toLowerCase()}.${mechanism.toLowerCase()}.sasl.jaas.config=${login[mechanism]};`,
    ),
  );
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=localhost:${controllerPort}`,
    `listeners=${[...at, `CONTROLLER://localhost:${controllerPort}`].join(',')}`,
    `advertised.listeners=${at.join(',')}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,${listeners.map((name) => `${name}:${protocolOf(name)}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `log.dirs=${join(folder, 'data').replaceAll('\\', '/')}`,
    `sasl.enabled.mechanisms=${mechanisms.join(',')}`,
    ...logins,
    // A client may log in again a second after the last time, not before.
    'listener.name.sasl_short.connections.max.reauth.ms=4000',
    `ssl.keystore.location=${keyStore(folder).replaceAll('\\', '/')}`,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.password=${STORE_PASSWORD}`,
    // A cluster of one.
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    // Fewer files, and no waiting for others.
    'offsets.topic.num.partitions=4',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    ...more,
    'group.min.session.timeout.ms=1000',
    'controlled.shutdown.enable=false',
    'auto.create.topics.enable=false',
    '',
  ].join('\n');
}

function protocolOf(listener: Listener): string {
  return listener === 'SASL_SHORT' ? 'SASL_PLAINTEXT' : listener;
}

/** The broker's key and certificate. */
export function keyStore(folder: string): string {
  return join(folder, 'broker.p12');
}
