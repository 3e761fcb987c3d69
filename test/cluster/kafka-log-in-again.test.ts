// A broker where a log-in holds for four seconds: the client logs in again over the same connection (KIP-368).
import { type Connection, connectionsApiChannel } from '@platformatic/kafka';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WAIT, lines, newGroup, ports, useTopics } from './support/kafka-fixture.ts';
import { logIn } from './support/kafka-log-in.ts';
import { kafkaSource } from './support/kafka-reading.ts';

const { within } = useTopics();

/** Of Kafka's protocol. */
const SASL_HANDSHAKE = 17;

/** How often each connection of this process logged in. */
const logIns = new Map<Connection, number>();
const onRequest = (message: unknown): void => {
  const { apiKey, connection } = message as { readonly apiKey: number; readonly connection: Connection };
  if (apiKey === SASL_HANDSHAKE) logIns.set(connection, (logIns.get(connection) ?? 0) + 1);
};
beforeAll(() => connectionsApiChannel.start.subscribe(onRequest));
afterAll(() => connectionsApiChannel.start.unsubscribe(onRequest));

test('where a log-in holds for four seconds, each message comes once, over connections that stay', async () => {
  const mechanisms = ['PLAIN', 'SCRAM-SHA-512', 'OAUTHBEARER'];
  // Each has one connection for the messages, and one for the group.
  const connections = 2 * mechanisms.length;
  let begun = 0;
  const loggedInAgain = (): boolean =>
    logIns.size >= connections && [...logIns.values()].every((count) => count >= 2);
  await Promise.all(
    mechanisms.map((mechanism) =>
      within({ partitions: 2 }, async ({ kafka, topic, reading }) => {
        const environment = {
          ...logIn(mechanism),
          KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
          KAFKA_BROKERS: kafka.brokers.SASL_SHORT,
        };
        const following = reading.follow(await kafkaSource(kafka, topic.name, newGroup(), environment));
        let sent = 0;
        const send = async (): Promise<void> => {
          await topic.produce(lines(sent, 20));
          sent += 20;
          const all = vi.waitFor(async () => expect(await reading.flows()).toBe(sent), WAIT);
          await Promise.race([all, following.ended.then(() => expect.unreachable())]);
        };
        await send();
        begun += 1;
        await vi.waitFor(() => expect(begun).toBe(mechanisms.length), WAIT);
        // From here on nobody connects: who logs in does so again.
        logIns.clear();
        while (!loggedInAgain() && sent < 10_000) await send();
        await following.stop();
        expect(await reading.ports()).toEqual(ports(0, sent));
      }),
    ),
  );
  expect(loggedInAgain()).toBe(true);
  expect(logIns.size).toBe(connections);
});
