import type { ConnectionOptions } from '@platformatic/kafka';
import type { KafkaAddress } from '../store-driver.ts';

/** What each of our clients of Kafka is made with. */
interface ClientOptions extends Pick<ConnectionOptions, 'tls' | 'sasl' | 'tlsServerName'> {
  readonly clientId: string;
  readonly bootstrapBrokers: string[];
}

/** How our clients reach brokers. */
export function clientOptions({ brokers, tls, login }: KafkaAddress): ClientOptions {
  return {
    clientId: 'peephole',
    bootstrapBrokers: [...brokers],
    ...(tls === undefined ? {} : { tls, tlsServerName: true }),
    ...(login === undefined ? {} : { sasl: { ...login } }),
  };
}
