// What real clients of other protocols than HTTP send, and what the listener says that it was. Debian has the clients in
// redis-tools, mariadb-client, ldap-utils, mosquitto-clients, kcat, snmp, wrk and nmap: those that are missing are skipped.
import { Admin } from '@platformatic/kafka';
import { expect, test } from 'vitest';
import { httpAnswer } from '../../src/listen/answers.ts';
import { parseGreetings } from '../../src/listen/greetings.ts';
import type { Visit } from '../../src/model/visits/visit.ts';
import { isMissing, runClient } from '../support/client-programs.ts';
import { listenHere, type Listening, useListeners } from '../support/listening.ts';
import { useTempFolder } from '../support/temp-folder.ts';

const temp = useTempFolder();
const listen = useListeners(() => temp.path);

/** The visits of one kind, once there is one. */
async function ofKind({ lines }: Listening, kind: Visit['kind']): Promise<readonly Visit[]> {
  const found = (): readonly Visit[] =>
    lines().filter((line): line is Visit => 'kind' in line && line.kind === kind);
  await expect.poll(() => found().length, { timeout: 30_000 }).toBeGreaterThan(0);
  return found();
}

test.skipIf(isMissing('redis-cli'))('redis-cli: the command with which it logs in', async () => {
  const listening = await listen();
  await runClient('redis-cli', ['-h', '127.0.0.1', '-p', listening.port, '-a', 'secret', 'GET', 'session:1']);
  const [visit] = await ofKind(listening, 'redis');
  expect(visit?.details).toEqual({ command: 'AUTH secret' });
  await runClient('redis-cli', ['-h', '127.0.0.1', '-p', listening.port, 'GET', 'session:1']);
  await expect
    .poll(async () => (await ofKind(listening, 'redis')).map(({ details }) => details?.['command']))
    .toContain('GET session:1');
});

test.skipIf(isMissing('mysql'))('mysql: who logs in, once it is greeted', async () => {
  const probe = await listenHere(temp.path);
  await probe.listener.stop();
  const ports = [{ protocol: 'tcp' as const, port: probe.port }];
  const listening = await listen({ ports, greetings: parseGreetings([`mysql@${probe.port}`], ports) });
  const asked = [
    '-h',
    '127.0.0.1',
    '-P',
    listening.port,
    '-u',
    'admin',
    '-psecret',
    'orders',
    '-e',
    'SELECT 1',
  ];
  await runClient('mysql', asked);
  const [visit] = await ofKind(listening, 'mysql');
  expect(visit?.details).toMatchObject({ request: 'login', user: 'admin' });
  // A password is hashed with the greeting's random challenge, and is not in what was sent.
  expect(JSON.stringify(visit)).not.toContain('secret');
});

test.skipIf(isMissing('ldapsearch'))('ldapsearch: as whom it binds', async () => {
  const listening = await listen();
  await runClient('ldapsearch', [
    '-H', `ldap://127.0.0.1:${listening.port}`, '-x', '-D', 'cn=admin,dc=example', '-w', 'secret', '-b', 'dc=example',
  ]); // prettier-ignore
  const [visit] = await ofKind(listening, 'ldap');
  expect(visit?.details).toEqual({ operation: 'bind', name: 'cn=admin,dc=example' });
});

test.skipIf(isMissing('mosquitto_pub'))('mosquitto_pub: which device connects', async () => {
  const listening = await listen();
  await runClient('mosquitto_pub', [
    '-h', '127.0.0.1', '-p', listening.port, '-i', 'sensor-7', '-u', 'admin', '-P', 'secret', '-t', 'a/b', '-m', 'hello',
  ]); // prettier-ignore
  const [visit] = await ofKind(listening, 'mqtt');
  expect(visit?.details).toEqual({ version: '3.1.1', client_id: 'sensor-7', user: 'admin' });
});

test.skipIf(isMissing('kcat'))('kcat: librdkafka and its version', async () => {
  const listening = await listen();
  await runClient('kcat', ['-b', `127.0.0.1:${listening.port}`, '-L', '-m', 3]);
  const [visit] = await ofKind(listening, 'kafka');
  expect(visit?.details).toMatchObject({ api: 'ApiVersions', client_id: 'rdkafka' });
  expect(visit?.details?.['software']).toMatch(/^librdkafka \d/);
});

test('a Kafka client of Node: what it asks first', async () => {
  const listening = await listen();
  const admin = new Admin({
    clientId: 'orders-worker',
    bootstrapBrokers: [`127.0.0.1:${listening.port}`],
    retries: 0,
  });
  await expect(admin.listTopics()).rejects.toThrow();
  await admin.close();
  const [visit] = await ofKind(listening, 'kafka');
  expect(visit?.details).toMatchObject({ api: 'ApiVersions', client_id: 'orders-worker' });
});

test.skipIf(isMissing('snmpget'))('snmpget: its community, over UDP, without an answer', async () => {
  const listening = await listen();
  const end = `127.0.0.1:${listening.ports[1]}`;
  const { code } = await runClient('snmpget', [
    '-v2c', '-c', 'public', '-t', 1, '-r', 0, end, '1.3.6.1.2.1.1.1.0',
  ]); // prettier-ignore
  expect(code).toBe(1);
  const [visit] = await ofKind(listening, 'snmp');
  expect(visit).toMatchObject({
    protocol: 'udp',
    sent: 0,
    details: { version: '2c', community: 'public', operation: 'get' },
  });
});

test.skipIf(isMissing('wrk'))('wrk: as many requests as it counts are kept, each answered', async () => {
  const listening = await listen({ answer: httpAnswer('404') });
  const { stdout } = await runClient('wrk', [
    '-t', 1, '-c', 10, '-d', 2, `http://127.0.0.1:${listening.port}/load`,
  ]); // prettier-ignore
  const counted = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  expect(counted).toBeGreaterThan(10);
  await listening.listener.stop();
  const { accepted, kept, unkept } = listening.listener.totals;
  expect(accepted).toBe(kept + unkept);
  const requests = listening.lines().filter((line) => 'http' in line && line.http?.path === '/load');
  // Those that are on their way when it ends are in no count of its own.
  expect(requests.length).toBeGreaterThanOrEqual(counted);
  expect(requests.length).toBeLessThanOrEqual(counted + 10);
});

test.skipIf(isMissing('nmap'))(
  'nmap: probes that find out what listens are told apart, and learn nothing',
  { timeout: 180_000 },
  async () => {
    // It says nothing for six seconds, and takes whoever closes before for a wrapper.
    const listening = await listen({}, 8_000);
    const { stdout } = await runClient('nmap', [
      '-sV', '-Pn', '-n', '--version-intensity', 2, '-p', listening.port, '127.0.0.1',
    ]); // prettier-ignore
    expect(stdout).toMatch(/open/);
    await listening.listener.stop();
    const kinds = listening.lines().flatMap((line) => ('kind' in line ? [line.kind] : []));
    expect(kinds).toContain('tls');
    expect(kinds).toContain('http');
    expect(listening.lines().every((line) => !('sent' in line) || line.sent === 0)).toBe(true);
  },
);
