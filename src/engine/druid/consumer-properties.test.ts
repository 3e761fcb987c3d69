import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { consumerProperties, withoutSecrets } from './consumer-properties.ts';

const brokers = ['a:9092', 'b:9092'];
const common = { 'bootstrap.servers': 'a:9092,b:9092', 'isolation.level': 'read_committed' };

test('without a login nothing is said of it', () => {
  expect(consumerProperties({ brokers })).toEqual(common);
});

test('Druid logs in as we do, whatever characters a password has', () => {
  const login = { mechanism: 'SCRAM-SHA-512', username: 'pee"p', password: String.raw`a\"; x="` } as const;
  expect(consumerProperties({ brokers, tls: { ca: 'PEM of the authority' }, login })).toEqual({
    ...common,
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'SCRAM-SHA-512',
    'sasl.jaas.config': String.raw`org.apache.kafka.common.security.scram.ScramLoginModule required username="pee\"p" password="a\\\"; x=\"";`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': 'PEM of the authority',
  });
  const plain = consumerProperties({ brokers, login: { ...login, mechanism: 'PLAIN' } });
  expect(plain).toMatchObject({ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN' });
  expect(plain['sasl.jaas.config']).toContain('plain.PlainLoginModule');
});

test('a key is one that Kafka reads, of PKCS #8 and without a password', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey
    .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString();
  const properties = consumerProperties({ brokers, tls: { cert: 'PEM', key, passphrase: 'secret' } });
  const sent = String(properties['ssl.keystore.key']);
  expect(sent).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(createPrivateKey(sent).equals(privateKey)).toBe(true);
  expect(properties).toMatchObject({ 'security.protocol': 'SSL', 'ssl.keystore.type': 'PEM' });
  expect(() => consumerProperties({ brokers, tls: { cert: 'PEM', key, passphrase: 'wrong' } })).toThrow(
    'The private key for Kafka can’t be read',
  );
});

test('properties that are given replace those that follow, but not what is exactly once', () => {
  const consumer = { 'security.protocol': 'SASL_SSL', 'isolation.level': 'read_uncommitted' };
  const login = { mechanism: 'PLAIN', username: 'a', password: 'b' } as const;
  expect(consumerProperties({ brokers, login, consumer })).toEqual({
    ...common,
    'security.protocol': 'SASL_SSL',
  });
});

test('secrets are not shown', () => {
  const shown = withoutSecrets({
    'sasl.jaas.config': 'a',
    'ssl.keystore.key': 'b',
    'ssl.key.password': 'c',
    'sasl.mechanism': 'PLAIN',
    'ssl.keystore.type': 'PEM',
  });
  expect(shown).toEqual({
    'sasl.jaas.config': '<secret>',
    'ssl.keystore.key': '<secret>',
    'ssl.key.password': '<secret>',
    'sasl.mechanism': 'PLAIN',
    'ssl.keystore.type': 'PEM',
  });
});
