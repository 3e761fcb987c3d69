import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { noSourceOptions } from '../source.ts';
import { type KafkaConnection, connectionOptions } from './connection-options.ts';

const temp = useTempFolder();

const optionsOf = (
  environment: Readonly<Record<string, string>>,
  options: Partial<typeof noSourceOptions> = {},
): Promise<KafkaConnection> =>
  connectionOptions({
    name: 'kafka:t',
    options: { ...noSourceOptions, brokers: ['b:9092'], ...options },
    environment,
  });
const login = {
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'u',
  KAFKA_SASL_PASSWORD: 'p',
};

describe('brokers', () => {
  test('come from the options, else from the environment', async () => {
    const environment = { KAFKA_BROKERS: 'a:1, [::1]:2,' };
    expect((await optionsOf(environment)).bootstrapBrokers).toEqual(['b:9092']);
    expect((await optionsOf(environment, { brokers: [] })).bootstrapBrokers).toEqual(['a:1', '[::1]:2']);
  });

  test.each([[[]], [['']], [['b']], [['http://b:9092']], [['b:9092/x']]])(
    '%j is refused',
    async (brokers) => {
      await expect(optionsOf({}, { brokers })).rejects.toMatchObject({ code: 'usage' });
    },
  );
});

describe('the connection', () => {
  test('is unencrypted only without a login, unless the protocol says so', async () => {
    expect(await optionsOf({})).toEqual({ bootstrapBrokers: ['b:9092'] });
    expect(await optionsOf(login)).toMatchObject({
      tls: {},
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' },
    });
    const inTheClear = await optionsOf({ ...login, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' });
    expect(inTheClear).not.toHaveProperty('tls');
    expect(await optionsOf({ ...login, KAFKA_SECURITY_PROTOCOL: 'SSL' })).not.toHaveProperty('sasl');
  });

  test('uses certificates from files', async () => {
    const file = join(temp.path, 'x.pem');
    await writeFile(file, 'PEM');
    const environment = { KAFKA_SSL_CA: file, KAFKA_SSL_CERT: file, KAFKA_SSL_KEY: file };
    expect((await optionsOf(environment)).tls).toEqual({ ca: 'PEM', cert: 'PEM', key: 'PEM' });
    const missing = optionsOf({ KAFKA_SSL_CA: `${file}.no` });
    await expect(missing).rejects.toMatchObject({ code: 'usage' });
    await expect(missing).rejects.toThrow('KAFKA_SSL_CA');
    await expect(optionsOf({ KAFKA_SSL_CERT: file })).rejects.toThrow('KAFKA_SSL_KEY');
  });

  test.each([
    [{ KAFKA_SECURITY_PROTOCOL: 'TLS' }, 'SASL_SSL'],
    [{ KAFKA_SASL_MECHANISM: 'GSSAPI' }, 'SCRAM-SHA-512'],
    [{ KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' }, 'KAFKA_SASL_MECHANISM'],
    [{ KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_PASSWORD'],
  ])('%j says what is missing', async (environment, text) => {
    await expect(optionsOf(environment)).rejects.toMatchObject({ code: 'usage' });
    await expect(optionsOf(environment)).rejects.toThrow(text);
  });
});

test('uses a given token, or signs one with AWS credentials for the region of the brokers', async () => {
  const given = await optionsOf({ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_SASL_TOKEN: 'x' });
  expect(given.sasl?.token).toBe('x');
  const environment = {
    KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-west-2',
  };
  const brokers = ['b-1.x.c2.kafka.eu-west-1.amazonaws.com:9098'];
  const token = (await optionsOf(environment, { brokers })).sasl?.token;
  if (typeof token !== 'function') return expect.unreachable();
  const url = new URL(Buffer.from(await token(), 'base64url').toString());
  expect(url.hostname).toBe('kafka.eu-west-1.amazonaws.com');
  expect(url.searchParams.get('X-Amz-Credential')).toMatch(
    /^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/,
  );
});
