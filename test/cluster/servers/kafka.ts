import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { type ChildServer, startChildServer } from './child-server.ts';
import { freePorts } from './free-ports.ts';
import { type Listener, STORE_PASSWORD, brokerProperties, kafkaUser, keyStore } from './kafka-config.ts';

const run = promisify(execFile);

/** A cluster of one broker (https://kafka.apache.org), which is its own controller. */
export interface Kafka {
  /** `localhost:PORT` of each listener. Those with SASL know `kafkaUser`, and any token without a signature. */
  readonly brokers: Readonly<Record<Listener, string>>;
  /** The certificate of the listeners with TLS, signed by itself, as PEM: what a client has to trust. */
  readonly certificate: string;
}

/** A Kafka of a test's own. */
export interface OwnKafka extends Kafka {
  /** Starts it again after `stop` or `kill`: same ports, same data. */
  start(): Promise<void>;
  /** Ends it in an orderly way. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Ends it, and removes its data. */
  remove(): Promise<void>;
}

/** Starts one; remove it. Most tests take the shared one (shared.ts), with topics of their own. */
export async function startKafka(): Promise<OwnKafka> {
  const jars = process.env['PEEPHOLE_KAFKA_JARS'];
  if (jars === undefined) throw new Error('Kafka is installed by `npm run test:cluster`.');
  const folder = await mkdtemp(join(tmpdir(), 'peephole-kafka-'));
  try {
    const [plaintext = 0, sasl = 0, ssl = 0, saslSsl = 0, controller = 0] = await freePorts(5);
    const ports = { PLAINTEXT: plaintext, SASL_PLAINTEXT: sasl, SSL: ssl, SASL_SSL: saslSsl };
    const properties = join(folder, 'broker.properties');
    await writeFile(properties, brokerProperties(folder, ports, controller));
    const [certificate] = await Promise.all([makeCertificate(folder), format(jars, folder, properties)]);
    let server: ChildServer | null = null;
    const start = async (): Promise<void> => {
      server ??= await startChildServer({
        name: 'Kafka',
        program: 'java',
        args: javaArguments(
          jars,
          ['-Xmx400m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
          'kafka.Kafka',
          properties,
        ),
        folder,
        ready: () => answers(`localhost:${ports.PLAINTEXT}`),
      });
    };
    const end = async (how: 'stop' | 'kill'): Promise<void> => {
      const running = server;
      server = null;
      await running?.[how]();
    };
    await start();
    return {
      brokers: {
        PLAINTEXT: `localhost:${ports.PLAINTEXT}`,
        SASL_PLAINTEXT: `localhost:${ports.SASL_PLAINTEXT}`,
        SSL: `localhost:${ports.SSL}`,
        SASL_SSL: `localhost:${ports.SASL_SSL}`,
      },
      certificate,
      start,
      stop: () => end('stop'),
      kill: () => end('kill'),
      async remove() {
        await end('kill');
        await removeFolder(folder);
      },
    };
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

function javaArguments(
  jars: string,
  settings: readonly string[],
  program: string,
  ...args: readonly string[]
): readonly string[] {
  return [...settings, '-cp', `${join(jars, '*')}${delimiter}`, program, ...args];
}

/** Makes the data folder, with the users that SCRAM knows. */
async function format(jars: string, folder: string, properties: string): Promise<void> {
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${kafkaUser.username},password=${kafkaUser.password}]`,
  ]);
  const args = ['format', '--standalone', '-t', 'cGVlcGhvbGUtdGVzdHMtMQ', '-c', properties, ...users];
  await run('java', javaArguments(jars, ['-XX:TieredStopAtLevel=1'], 'kafka.tools.StorageTool', ...args), {
    cwd: folder,
  });
}

/** Makes a key and a certificate for localhost with the program that comes with Java; gives the certificate as PEM. */
async function makeCertificate(folder: string): Promise<string> {
  const store = ['-alias', 'broker', '-keystore', keyStore(folder), '-storepass', STORE_PASSWORD];
  const who = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1', '-validity', '2'];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-storetype', 'PKCS12'];
  await run('keytool', ['-genkeypair', ...key, ...who, ...store]);
  const { stdout } = await run('keytool', ['-exportcert', '-rfc', ...store]);
  return stdout;
}

/** Does the broker know of itself as a broker that clients can use? */
async function answers(broker: string): Promise<boolean> {
  const admin = new Admin({ clientId: 'ready', bootstrapBrokers: [broker], retries: 0, timeout: 2_000 });
  try {
    return (await admin.metadata({ topics: [] })).brokers.size === 1;
  } finally {
    await admin.close();
  }
}
