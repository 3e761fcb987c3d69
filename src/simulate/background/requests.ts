import { HeavyTail } from '../distributions.ts';
import { ICMP, UDP } from '../flow.ts';
import { Random } from '../random.ts';
import type { Stage } from '../stage.ts';
import type { Role } from '../world/hosts.ts';
import { LiveConnections } from './live-connections.ts';
import { buildOutsiders } from './outsiders.ts';
import { natOf } from './periodic.ts';

/** What people and programs ask of the company, as much as is wanted, minute by minute. */
export interface Requests {
  /** Logs the windows of connections that requests left open. */
  closeWindows(time: number): void;
  /** Makes one request with all that it causes: one to about twenty records. */
  one(time: number, mayStayOpen: boolean): void;
  /** Fills a gap of one or two records exactly. */
  filler(time: number, records: number): void;
}

/** What kinds of requests there are, and how often; every kind is a function that logs one. */
export function buildRequests(stage: Stage): Requests {
  const random = new Random(stage.seed, 'requests');
  const { world, wire } = stage;
  const { exchange } = wire;
  const outsiders = buildOutsiders(stage);
  const small = new HeavyTail(random, 700, 0.6, 1.6);
  const page = new HeavyTail(random, 9_000, 1.4, 1.15);
  const bulk = new HeavyTail(random, 400_000, 1.6, 1.05);
  const lives = new LiveConnections(stage, random, () => null);
  const nats = world.interfaces.map((_, eni) => natOf(stage, eni));

  const of = (...roles: Role[]): number[] => roles.flatMap((role) => [...world.byRole(role)]);
  const storefront = of('storefront-lb');
  const apiBalancers = of('api-lb');
  const metricsBalancers = of('metrics-lb');
  const collectors = of('metrics-collector');
  const web = of('web');
  const api = of('api');
  const backends = of('auth', 'search');
  const caches = of('cache');
  const databases = of('db');
  const orders = of('orders-db');
  const lambdas = of('thumbnailer', 'webhook');
  const endpoints = of('secrets');
  const callers = of('worker', 'api', 'thumbnailer', 'webhook', 'search', 'etl');
  const partners = of('partner-api', 'demo', 'status', 'grafana', 'vpn');
  const runner = of('ci-runner');
  const etl = of('etl', 'metrics-store');
  const everyone = [...web, ...api, ...backends, ...of('worker')];

  let now = 0;
  const customerPort = (): number => random.between(1_024, 65_535);
  const tcp = (sport: number, dport: number, out: number, back: number): void => {
    const start = now + random.below(60);
    exchange.tcp(sport, dport, out, back, start, Math.min(now + 59, start + random.below(4)));
  };
  const inside = (client: number, server: number, port: number, back: HeavyTail): void => {
    tcp(wire.port(client), port, small.draw(random), back.draw(random));
    wire.inside(client, server);
  };

  function visit(): void {
    const six = random.chance(0.03);
    const balancer = random.pick(storefront);
    tcp(customerPort(), random.chance(0.92) ? 443 : 80, small.draw(random), page.draw(random));
    wire.fromOutside((six ? outsiders.customers6 : outsiders.customers).draw(random), balancer);
    // Otherwise over a connection that the balancer keeps open.
    if (random.chance(0.45)) serve(balancer);
  }

  function serve(balancer: number): void {
    const server = random.pick(web);
    inside(balancer, server, 8080, page);
    if (random.chance(0.5)) callApi(server);
    if (random.chance(0.3)) inside(server, random.pick(caches), 6379, small);
  }

  function callApi(client: number): void {
    const balancer = random.pick(apiBalancers);
    const server = random.pick(api);
    inside(client, balancer, 443, small);
    inside(balancer, server, 8081, small);
    if (random.chance(0.4)) inside(server, random.pick(backends), 9000, small);
    if (random.chance(0.2)) inside(server, random.pick(databases), 5432, page);
  }

  function collect(): void {
    const balancer = random.pick(metricsBalancers);
    tcp(customerPort(), 443, page.draw(random), 300);
    wire.fromOutside(outsiders.customers.draw(random), balancer);
    if (random.chance(0.5)) inside(balancer, random.pick(collectors), 8443, small);
  }

  function callOut(): void {
    const client = random.pick(callers);
    tcp(wire.port(client), 443, small.draw(random), page.draw(random));
    wire.throughNat(client, nats[client] as number, outsiders.apis.draw(random));
  }

  function resolve(): void {
    const client = random.pick(everyone);
    exchange.datagrams(
      UDP,
      wire.port(client),
      53,
      random.between(30, 60),
      random.between(60, 400),
      now + random.below(60),
    );
    wire.throughNat(client, nats[client] as number, random.pick(outsiders.resolvers));
  }

  function store(): void {
    const client = random.pick(etl);
    const upload = random.chance(0.5);
    tcp(wire.port(client), 443, (upload ? bulk : small).draw(random), (upload ? small : bulk).draw(random));
    wire.throughEndpoint(client, random.pick(outsiders.buckets));
  }

  function build(): void {
    const client = runner[0] as number;
    const address = random.chance(0.15) ? outsiders.customers6 : outsiders.apis;
    tcp(wire.port(client), 443, small.draw(random), bulk.draw(random));
    wire.toOutside(client, address.draw(random));
  }

  function partner(): void {
    tcp(customerPort(), 443, small.draw(random), page.draw(random));
    wire.fromOutside(outsiders.customers.draw(random), random.pick(partners));
  }

  function lambda(): void {
    const client = random.pick(lambdas);
    inside(client, random.pick(endpoints), 443, small);
    inside(client, random.pick(orders), 3306, page);
  }

  function ping(): void {
    exchange.datagrams(ICMP, 0, 0, 56, 56, now + random.below(60));
    wire.fromOutside(outsiders.customers.draw(random), random.pick(storefront));
  }

  /** A download, a chat or a copy that stays open for minutes. */
  function stay(mayStayOpen: boolean): void {
    if (!mayStayOpen) return visit();
    const outside = random.chance(0.7);
    // This minute's windows are closed already.
    const begins = now + 60 + random.below(60);
    const client = outside ? outsiders.customers.draw(random) : random.pick(etl);
    lives.add({
      client,
      outside,
      server: outside ? random.pick(storefront) : random.pick(databases),
      port: outside ? 443 : 5432,
      outRate: small.draw(random),
      backRate: page.draw(random),
      trace: null,
      sport: outside ? customerPort() : wire.port(client),
      begins,
      ends: begins + 30 + Math.min(3_000, Math.floor(random.exponential(300))),
    });
  }

  const kinds: readonly (readonly [number, (mayStayOpen: boolean) => void])[] = [
    [46, visit],
    [14, collect],
    [9, callOut],
    [7, resolve],
    [3, store],
    [3, build],
    [8, partner],
    [5, lambda],
    [1, ping],
    [4, stay],
  ];
  const wheel = kinds.flatMap(([weight, kind]) => Array.from({ length: weight }, () => kind));

  return {
    closeWindows: (time) => lives.closeWindows(time),
    one(time, mayStayOpen) {
      now = time;
      (wheel[random.below(wheel.length)] as (mayStayOpen: boolean) => void)(mayStayOpen);
    },
    filler(time, records) {
      now = time;
      if (records > 1) return partner();
      exchange.datagrams(ICMP, 0, 0, 56, 56, now + random.below(60));
      wire.unanswered(outsiders.customers.draw(random), random.pick(storefront));
    },
  };
}
