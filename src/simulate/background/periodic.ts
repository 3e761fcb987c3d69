import { ICMP, TCP, UDP } from '../flow.ts';
import type { PlantedKind, Trace } from '../truth-ledger.ts';
import { Random } from '../random.ts';
import type { Actor, Stage } from '../stage.ts';
import type { Role } from '../world/hosts.ts';

/** Something that happens between two parties every so many seconds, answered each time. */
interface Call {
  readonly kind: PlantedKind;
  /** Interface of ours. */
  readonly client: number;
  /** Interface of ours, or with `outside` the number of an address. */
  readonly server: number;
  readonly outside: boolean;
  readonly protocol: number;
  readonly port: number;
  readonly period: number;
  readonly out: number;
  readonly back: number;
}

interface Rule {
  readonly kind: PlantedKind;
  readonly clients: readonly Role[];
  readonly servers: readonly Role[];
  readonly protocol: number;
  readonly port: number;
  readonly period: number;
  readonly out: number;
  readonly back: number;
}

const TO_HEALTH = { kind: 'health_check', protocol: TCP, out: 120, back: 250 } as const;
const exporters: readonly Role[] = [
  'web',
  'api',
  'auth',
  'search',
  'worker',
  'cache',
  'db',
  'kafka',
  'zookeeper',
];

const rules: readonly Rule[] = [
  { ...TO_HEALTH, clients: ['storefront-lb'], servers: ['web'], port: 8080, period: 10 },
  { ...TO_HEALTH, clients: ['api-lb'], servers: ['api'], port: 8081, period: 15 },
  { ...TO_HEALTH, clients: ['metrics-lb'], servers: ['metrics-collector'], port: 8443, period: 30 },
  { ...TO_HEALTH, clients: ['web'], servers: ['cache'], port: 6379, period: 5 },
  { kind: 'metrics_scrape', clients: ['metrics-store'], servers: exporters, protocol: TCP, port: 9100, period: 60, out: 400, back: 24_000 },
  { kind: 'health_check', clients: ['grafana'], servers: ['metrics-store', 'db'], protocol: ICMP, port: 0, period: 20, out: 56, back: 56 },
]; // prettier-ignore

/** Records a minute that a call leaves: four inside; through a NAT gateway six. */
function cost(call: Call): number {
  return (call.outside ? 6 : 4) * (60 / call.period);
}

/**
 * What is regular and benign: load balancers' health checks, scrapes, pings, time.
 * As many of the calls as the budget allows, the same for every run of a seed.
 */
export function periodicCalls(stage: Stage, perMinute: number): Actor {
  const random = new Random(stage.seed, 'periodic');
  const all = random.shuffled([...rules.flatMap((rule) => expand(stage, rule)), ...timeCalls(stage, random)]);
  const full = all.reduce((sum, call) => sum + cost(call), 0);
  const kept = spread(all, Math.min(1, perMinute / full));
  const calls = kept.map((call) => new PeriodicCall(stage, call, random));
  return {
    act(_minute, time) {
      for (const call of calls) call.act(time);
    },
  };
}

function expand(stage: Stage, rule: Rule): Call[] {
  const of = (roles: readonly Role[]): number[] => roles.flatMap((role) => [...stage.world.byRole(role)]);
  return of(rule.clients).flatMap((client) =>
    of(rule.servers).map((server) => ({ ...rule, client, server, outside: false })),
  );
}

/** Every private host asks one of four time servers outside. */
function timeCalls(stage: Stage, random: Random): Call[] {
  const servers = Array.from({ length: 4 }, () => stage.world.addresses.publicV4(random));
  return stage.world.interfaces.flatMap((one, client) =>
    one.kind !== 'instance' || one.publicAddress !== null || one.idle
      ? []
      : [
          {
            kind: 'ntp' as const,
            client,
            server: random.pick(servers),
            outside: true,
            protocol: UDP,
            port: 123,
            period: 64 * 2 ** random.between(2, 4),
            out: 48,
            back: 48,
          },
        ],
  );
}

/** Calls of every kind in turn, until the share of the whole is reached. */
function spread(all: readonly Call[], share: number): Call[] {
  const kinds = new Map<string, Call[]>();
  for (const call of all) {
    const kind = `${call.kind} ${call.port}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), call]);
  }
  const most = Math.max(...[...kinds.values()].map((list) => list.length));
  // Time is asked for so rarely that many hosts can.
  const inTurn = Array.from({ length: most }, (_, turn) =>
    [...kinds.values()].flatMap((list) =>
      list[0]?.kind === 'ntp' ? list.slice(turn * 6, turn * 6 + 6) : list.slice(turn, turn + 1),
    ),
  );
  let budget = all.reduce((sum, call) => sum + cost(call), 0) * share;
  return inTurn.flat().filter((call) => {
    if (cost(call) > budget) return false;
    budget -= cost(call);
    return true;
  });
}

class PeriodicCall {
  private readonly stage: Stage;
  private readonly call: Call;
  private readonly trace: Trace;
  private readonly nat: number;
  private next: number;

  constructor(stage: Stage, call: Call, random: Random) {
    const { world } = stage;
    this.stage = stage;
    this.call = call;
    this.next = stage.timeline.start + random.below(call.period);
    this.nat = natOf(stage, call.client);
    const name = world.interfaces[call.client]?.name ?? '';
    const to = call.outside ? world.addresses.text(call.server) : world.interfaces[call.server]?.name;
    const [trace] = stage.ledger.plant({
      id: `${call.kind}:${name}>${to}:${call.port}`,
      kind: call.kind,
      description: `${name} calls ${to} every ${call.period} seconds and is answered`,
      action: 'ACCEPT',
      protocol: call.protocol,
      intervalSeconds: call.period,
      sources: [world.address[call.client] as number],
    });
    this.trace = trace as Trace;
  }

  act(time: number): void {
    const { call } = this;
    const { wire } = this.stage;
    for (; this.next < time + 60; this.next += call.period) {
      if (call.protocol === TCP) {
        wire.exchange.tcp(wire.port(call.client), call.port, call.out, call.back, this.next, this.next);
      } else {
        const sport = call.protocol === UDP ? wire.port(call.client) : 0;
        wire.exchange.datagrams(call.protocol, sport, call.port, call.out, call.back, this.next);
      }
      if (call.outside) wire.throughNat(call.client, this.nat, call.server, this.trace);
      else wire.inside(call.client, call.server, this.trace);
    }
  }
}

/** The NAT gateway of a private interface: in its own zone, in its own network. */
export function natOf(stage: Stage, eni: number): number {
  const { world } = stage;
  const gateways = [...world.byRole('nat'), ...world.byRole('data-nat')];
  const own = world.interfaces[eni]?.subnet;
  const near = gateways.find(
    (nat) => world.interfaces[nat]?.subnet.zone === own?.zone && world.network[nat] === own?.network,
  );
  return near ?? (gateways.find((nat) => world.network[nat] === own?.network) as number);
}
