import { kafkaUser } from '../servers/kafka-config.ts';

/** Without a signature. */
const token = (): string => {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ sub: 'peephole', iat: now, exp: now + 3_600 })}.`;
};
/** The variables with which `kafkaUser` logs in. */
export const logIn = (mechanism: string): Record<string, string> =>
  mechanism === 'OAUTHBEARER'
    ? { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_TOKEN: token() }
    : {
        KAFKA_SASL_MECHANISM: mechanism,
        KAFKA_SASL_USERNAME: kafkaUser.username,
        KAFKA_SASL_PASSWORD: kafkaUser.password,
      };
