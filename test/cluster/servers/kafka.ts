import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { type ChildServer, startChildServer } from './child-server.ts';
import { freePorts } from './free-ports.ts';
import {
  type Listener,
  STORE_PASSWORD,
  brokerProperties,
  joiningProperties,
  kafkaUser,
  keyStore,
} from './kafka-config.ts';

const run = promisify(execFile);

const CLUSTER = 'cGVlcGhvbGUtdGVzdHMtMQ';
const FORMAT = 'kafka.tools.StorageTool';
const FAST_START = ['-XX:TieredStopAtLevel=1'];

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
  /** Starts a second broker, number 2, which ends with the first at the latest. */
  addBroker(): Promise<OtherBroker>;
  /** Ends it, and removes its data. */
  remove(): Promise<void>;
}

/** A broker beside the first. */
interface OtherBroker {
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Has it stand still, and go on: its connections stay open meanwhile. */
  freeze(): void;
  thaw(): void;
}

/**
 * Starts one; remove it. Most tests take the shared one (shared.ts), with topics of their own.
 *
 * @param more properties
 */
export async function startKafka(more: readonly string[] = []): Promise<OwnKafka> {
  const jars = process.env['PEEPHOLE_KAFKA_JARS'];
  if (jars === undefined) throw new Error('Kafka is installed by `npm run test:cluster`.');
  const folder = await mkdtemp(join(tmpdir(), 'peephole-kafka-'));
  try {
    const [plaintext = 0, sasl = 0, ssl = 0, saslSsl = 0, saslShort = 0, controller = 0] = await freePorts(6);
    const ports = {
      PLAINTEXT: plaintext,
      SASL_PLAINTEXT: sasl,
      SSL: ssl,
      SASL_SSL: saslSsl,
      SASL_SHORT: saslShort,
    };
    const properties = join(folder, 'broker.properties');
    await writeFile(properties, brokerProperties(folder, ports, controller, more));
    const [certificate] = await Promise.all([makeCertificate(folder), format(jars, folder, properties)]);
    const first = broker(jars, folder, properties, () => knows(`localhost:${ports.PLAINTEXT}`, 1));
    let other: OtherBroker | null = null;
    const { start, end } = first;
    await start();
    return {
      brokers: {
        PLAINTEXT: `localhost:${ports.PLAINTEXT}`,
        SASL_PLAINTEXT: `localhost:${ports.SASL_PLAINTEXT}`,
        SSL: `localhost:${ports.SSL}`,
        SASL_SSL: `localhost:${ports.SASL_SSL}`,
        SASL_SHORT: `localhost:${ports.SASL_SHORT}`,
      },
      certificate,
      start,
      stop: () => end('stop'),
      kill: () => end('kill'),
      async addBroker() {
        const own = join(folder, 'second');
        await mkdir(own);
        const [port = 0] = await freePorts(1);
        const itsProperties = join(own, 'broker.properties');
        await writeFile(itsProperties, joiningProperties(own, port, controller));
        await run(
          'java',
          javaArguments(jars, FAST_START, FORMAT, 'format', '-t', CLUSTER, '-c', itsProperties),
          {
            cwd: own,
          },
        );
        const second = broker(jars, own, itsProperties, () => knows(`localhost:${port}`, 2));
        other = {
          start: second.start,
          kill: () => second.end('kill'),
          freeze: () => second.running()?.freeze(),
          thaw: () => second.running()?.thaw(),
        };
        await second.start();
        return other;
      },
      async remove() {
        await other?.kill();
        await end('kill');
        await removeFolder(folder);
      },
    };
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

/** A broker with a folder of its own that can be started, ended, and started again. */
function broker(
  jars: string,
  folder: string,
  properties: string,
  ready: () => Promise<boolean>,
): { start(): Promise<void>; end(how: 'stop' | 'kill'): Promise<void>; running(): ChildServer | null } {
  let server: ChildServer | null = null;
  return {
    running: () => server,
    async start() {
      server ??= await startChildServer({
        name: 'Kafka',
        program: 'java',
        args: javaArguments(jars, ['-Xmx400m', '-XX:+UseSerialGC', ...FAST_START], 'kafka.Kafka', properties),
        folder,
        ready,
      });
    },
    async end(how) {
      const running = server;
      server = null;
      await running?.[how]();
    },
  };
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
  const args = ['format', '--standalone', '-t', CLUSTER, '-c', properties, ...users];
  await run('java', javaArguments(jars, FAST_START, FORMAT, ...args), { cwd: folder });
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

/** Does the broker know of so many brokers that clients can use, itself among them? */
async function knows(broker: string, brokers: number): Promise<boolean> {
  const admin = new Admin({ clientId: 'ready', bootstrapBrokers: [broker], retries: 0, timeout: 2_000 });
  try {
    return (await admin.metadata({ topics: [] })).brokers.size >= brokers;
  } finally {
    await admin.close();
  }
}
