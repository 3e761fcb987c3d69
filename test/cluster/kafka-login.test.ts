// Who may read a topic: log-ins, and TLS.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { PeepholeError } from '../../src/model/errors.ts';
import type { Kafka } from './servers/kafka.ts';
import { WAIT, lines, newGroup, useTopics } from './support/kafka-fixture.ts';
import { logIn } from './support/kafka-log-in.ts';
import { kafkaSource } from './support/kafka-reading.ts';

const { within, temp } = useTopics();

const ca = async ({ certificate }: Kafka): Promise<string> => {
  const file = join(temp.path, 'ca.pem');
  await writeFile(file, certificate);
  return file;
};

test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])(
  'by %s, in the clear and by TLS',
  (mechanism) =>
    within({}, async ({ kafka, topic, reading }) => {
      const group = newGroup();
      const inTheClear = {
        ...logIn(mechanism),
        KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
        KAFKA_BROKERS: kafka.brokers.SASL_PLAINTEXT,
      };
      const byTls = {
        ...logIn(mechanism),
        KAFKA_SSL_CA: await ca(kafka),
        KAFKA_BROKERS: kafka.brokers.SASL_SSL,
      };
      await topic.produce(lines(0, 10));
      await reading.readOnce(await kafkaSource(kafka, topic.name, group, inTheClear));
      await topic.produce(lines(10, 10));
      const following = reading.follow(await kafkaSource(kafka, topic.name, group, byTls));
      await vi.waitFor(async () => expect(await reading.flows()).toBe(20), WAIT);
      await following.stop();
      const wrong = { ...inTheClear, KAFKA_SASL_PASSWORD: 'wrong', KAFKA_SASL_TOKEN: 'x' };
      const source = await kafkaSource(kafka, topic.name, group, wrong);
      const failure: PeepholeError = await reading.readOnce(source).then(
        () => expect.unreachable(),
        (error: PeepholeError) => error,
      );
      expect(failure).toMatchObject({ code: 'source_refused' });
      expect(failure.message).toContain('KAFKA_SASL_');
      await expect(reading.follow(source).ended).rejects.toMatchObject({ code: 'source_refused' });
    }),
);

test('TLS without a log-in needs the certificate that signed', () =>
  within({}, async ({ kafka, topic, group, reading }) => {
    await topic.produce(lines(0, 10));
    const environment = { KAFKA_BROKERS: kafka.brokers.SSL, KAFKA_SECURITY_PROTOCOL: 'SSL' };
    const without = await kafkaSource(kafka, topic.name, group, environment);
    await expect(reading.readOnce(without)).rejects.toMatchObject({ code: 'source_refused' });
    const source = await kafkaSource(kafka, topic.name, group, {
      ...environment,
      KAFKA_SSL_CA: await ca(kafka),
    });
    await reading.readOnce(source);
    expect(await reading.flows()).toBe(10);
  }));
