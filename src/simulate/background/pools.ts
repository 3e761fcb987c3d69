import { TCP } from '../flow.ts';
import type { Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import type { Role } from '../world/hosts.ts';
import { LiveConnections, type LiveConnection } from './live-connections.ts';

interface Pool {
  readonly what: string;
  readonly clients: readonly Role[];
  readonly servers: readonly Role[];
  readonly port: number;
  readonly each: number;
  /** Payload bytes a minute, about. */
  readonly out: number;
  readonly back: number;
}

const pools: readonly Pool[] = [
  { what: 'Kafka', clients: ['metrics-collector', 'web', 'api', 'worker', 'etl'], servers: ['kafka'], port: 9092, each: 1, out: 90_000, back: 140_000 },
  { what: 'PostgreSQL', clients: ['web', 'api', 'auth', 'worker'], servers: ['db'], port: 5432, each: 2, out: 20_000, back: 160_000 },
  { what: 'MySQL', clients: ['api', 'worker'], servers: ['orders-db'], port: 3306, each: 2, out: 15_000, back: 60_000 },
  { what: 'Redis', clients: ['web', 'api'], servers: ['cache'], port: 6379, each: 2, out: 30_000, back: 50_000 },
  { what: 'ZooKeeper', clients: ['kafka'], servers: ['zookeeper'], port: 2181, each: 1, out: 2_000, back: 2_000 },
  { what: 'Grafana', clients: ['grafana'], servers: ['metrics-store'], port: 9090, each: 1, out: 4_000, back: 90_000 },
]; // prettier-ignore

const DAY = 86_400;

/** Connections that stay open for days: consumers and connection pools. Each reconnects soon after it ends. */
export function connectionPools(stage: Stage, perMinute: number): Actor {
  const random = new Random(stage.seed, 'pools');
  const { world, wire, timeline } = stage;
  const lives = new LiveConnections(stage, random, (ended) =>
    open(ended, Math.floor(ended.ends / 60) * 60 + 60 + random.below(20)),
  );

  function open(like: Omit<LiveConnection, 'sport' | 'begins' | 'ends'>, begins: number): LiveConnection {
    const ends = begins + 600 + Math.floor(random.exponential(2 * DAY));
    return { ...like, begins, ends, sport: wire.port(like.client) };
  }

  const all = random.shuffled(
    pools.flatMap((pool) =>
      pool.clients.flatMap((role) =>
        world
          .byRole(role)
          .flatMap((client) =>
            pool.servers.flatMap((to) =>
              world
                .byRole(to)
                .flatMap((server) => Array.from({ length: pool.each }, () => ({ pool, client, server }))),
            ),
          ),
      ),
    ),
  );
  // The story's machine has its own consumers even in a small world.
  const wanted = all.toSorted(
    (a, b) => Number(b.client === world.target) - Number(a.client === world.target),
  );
  const cost = (eni: number): number =>
    2 / (world.networks[world.network[eni] as number]?.windowMinutes ?? 1);
  let left = perMinute;
  for (const { pool, client, server } of wanted) {
    left -= cost(client) + cost(server);
    if (left < 0) break;
    const names = `${world.interfaces[client]?.name}>${world.interfaces[server]?.name}:${pool.port}`;
    const [trace] = stage.ledger.plant({
      id: `long-lived:${names}`,
      kind: 'long_lived',
      description: `${pool.what}: one connection that stays open, one record per window at the client`,
      action: 'ACCEPT',
      protocol: TCP,
      intervalSeconds: null,
      sources: [world.address[client] as number],
    });
    const like = {
      client,
      server,
      outside: false,
      port: pool.port,
      outRate: pool.out * Math.exp(random.normal()),
      backRate: pool.back * Math.exp(random.normal()),
      trace: trace as Trace,
    };
    // Older than the logs.
    const first = open(like, timeline.start - 1 - random.below(DAY));
    lives.add({ ...first, ends: timeline.start + 60 + Math.floor(random.exponential(2 * DAY)) });
  }
  return {
    act(_minute, time) {
      lives.closeWindows(time);
    },
  };
}
