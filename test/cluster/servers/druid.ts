import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type ChildServer, startChildServer } from './child-server.ts';
import { type DruidPorts, type DruidService, druidServices, serviceSettings } from './druid-config.ts';
import { freePorts } from './free-ports.ts';

/** How long a service may take until it answers, in ms: six of them begin at once. */
const READY_WITHIN = 240_000;

/** A cluster of Druid (https://druid.apache.org), each service a process of its own. */
export interface Druid {
  /** The router's address, which leads to all the others. */
  readonly url: string;
  /** Ends a service by SIGKILL. */
  kill(service: DruidService): Promise<void>;
  /** Starts a service again: same port, same data. */
  start(service: DruidService): Promise<void>;
  /** Ends all, and removes the data. */
  remove(): Promise<void>;
}

/** Starts one; remove it. @param historicals with one or two, between which segments are spread, each on one of them */
export async function startDruid(historicals: 1 | 2 = 1): Promise<Druid> {
  const jars = process.env['PEEPHOLE_DRUID_JARS'];
  if (jars === undefined) throw new Error('Druid is installed by `npm run test:druid`.');
  const folder = await mkdtemp(join(tmpdir(), 'peephole-druid-'));
  const running = new Map<string, ChildServer>();
  const removeAll = async (): Promise<void> => {
    await Promise.all([...running.values()].map((server) => server.kill()));
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const names = ['zookeeper', 'derby', ...druidServices] as const;
    const free = await freePorts(names.length);
    const ports = Object.fromEntries(names.map((name, i) => [name, free[i]])) as unknown as DruidPorts;
    running.set('zookeeper', await startZooKeeper(jars, folder, ports));
    const start = async (service: DruidService): Promise<void> => {
      const own = join(folder, service);
      await mkdir(own, { recursive: true });
      running.set(
        service,
        await startChildServer({
          name: `Druid's ${service}`,
          program: 'java',
          args: [
            ...serviceSettings(service, folder, ports),
            '-cp',
            `${join(jars, '*')}${delimiter}`,
            'org.apache.druid.cli.Main',
            'server',
            service.replace('2', ''),
          ],
          folder,
          within: READY_WITHIN,
          ready: () => isHealthy(ports[service], service),
        }),
      );
    };
    const services = druidServices.filter((service) => historicals === 2 || service !== 'historical2');
    await Promise.all(services.map(start));
    const url = `http://127.0.0.1:${ports.router}`;
    const rules = [{ type: 'loadForever', tieredReplicants: { _default_tier: 1 } }];
    await fetch(`${url}/druid/coordinator/v1/rules/_default`, {
      method: 'POST',
      body: JSON.stringify(rules),
      headers: { 'content-type': 'application/json' },
    });
    return {
      url,
      start,
      async kill(service) {
        await running.get(service)?.kill();
        running.delete(service);
      },
      remove: removeAll,
    };
  } catch (error) {
    await removeAll();
    throw error;
  }
}

async function startZooKeeper(jars: string, folder: string, ports: DruidPorts): Promise<ChildServer> {
  const config = join(folder, 'zookeeper.cfg');
  const lines = [
    'tickTime=2000',
    `dataDir=${join(folder, 'zookeeper').replaceAll('\\', '/')}`,
    `clientPort=${ports.zookeeper}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    '4lw.commands.whitelist=ruok',
  ];
  await writeFile(config, `${lines.join('\n')}\n`);
  return startChildServer({
    name: 'ZooKeeper',
    program: 'java',
    args: [
      '-Xmx64m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      `${join(jars, '*')}${delimiter}`,
      'org.apache.zookeeper.server.quorum.QuorumPeerMain',
      config,
    ],
    folder,
    within: READY_WITHIN,
    ready: () => isListening(ports.zookeeper),
  });
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A broker answers before it knows what historicals serve, and a coordinator before it leads. */
const readiness: Readonly<Record<DruidService, string>> = {
  coordinator: '/druid/coordinator/v1/isLeader',
  historical: '/druid/historical/v1/readiness',
  historical2: '/druid/historical/v1/readiness',
  broker: '/druid/broker/v1/readiness',
  indexer: '/status/health',
  router: '/status/health',
};

async function isHealthy(port: number, service: DruidService): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}${readiness[service]}`);
  await answer.text();
  return answer.ok;
}
