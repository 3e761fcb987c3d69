import type { Flow } from './made-flows.ts';

/** Hours of a day; the second day is the one in which something is different. */
const DAY = 24;
/** A day later than the first: where what is planted begins, seconds from the beginning of the logs. */
export const CHANGE = DAY * 3600;

/** A connection that is made again and again: the asking machine, the answering one, and how often an hour. */
export interface Link {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly protocol: number;
  readonly perHour: number;
  readonly packets: number;
  readonly bytes: number;
  readonly action: 'ACCEPT' | 'REJECT';
  /** A NAT gateway's private address that the connection goes through, and how its records say the true ends. */
  readonly through?: { readonly gateway: string; readonly logsPackets: boolean };
  /** The node that the client is a pod of: records of the node's interface say the node's address. */
  readonly node?: string;
}

export interface Network {
  readonly webs: readonly string[];
  readonly apps: readonly string[];
  readonly stores: readonly string[];
  readonly clients: readonly string[];
  readonly links: readonly Link[];
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const link = (client: string, server: string, port: number, perHour: number, more: Partial<Link> = {}): Link => ({
  client, server, port, perHour, protocol: 6, packets: 10, bytes: 4000, action: 'ACCEPT', ...more,
}); // prettier-ignore

/** A company's usual traffic: clients of the web, tiers behind it, name service, pings, and strangers that are refused. */
export function network(random: () => number): Network {
  const some = (count: number, make: (i: number) => string): readonly string[] => Array.from({ length: count }, (_, i) => make(i)); // prettier-ignore
  const webs = some(6, (i) => `10.0.${1 + (i % 3)}.${10 + i}`);
  const apps = some(9, (i) => `10.0.${1 + (i % 3)}.${40 + i}`);
  const stores = some(4, (i) => `10.0.${1 + (i % 3)}.${80 + i}`);
  const clients = some(30, (i) => `${[81, 93, 145, 187, 201][i % 5]}.${20 + i}.7.${1 + Math.floor(random() * 250)}`); // prettier-ignore
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const links = [
    ...clients.flatMap((client, i) =>
      [pick(webs), pick(webs)].map((web) => link(client, web, random() < 0.8 ? 443 : 80, 1 + 12 / (1 + i / 3))),
    ),
    ...webs.flatMap((web) => [pick(apps), pick(apps), pick(apps)].map((app) => link(web, app, 8080, 3 + random() * 5))),
    ...apps.flatMap((app) => [link(app, pick(stores), 5432, 3 + random() * 5), link(app, pick(stores), 6379, 2 + random() * 4)]),
    ...[...webs, ...apps, ...stores].flatMap((machine) => [
      link(machine, '10.0.0.2', 53, 2 + random() * 2, { protocol: 17, packets: 1, bytes: 80 }),
      link('10.0.0.9', machine, 0, 1, { protocol: 1, packets: 1, bytes: 84 }),
      link(`45.${Math.floor(random() * 200)}.3.9`, machine, 1 + Math.floor(random() * 9000), 0.3, { packets: 1, bytes: 40, action: 'REJECT' }),
    ]),
  ]; // prettier-ignore
  return { webs, apps, stores, clients, links };
}

/** The flows of links for so many hours from one on: each as its inside ends log it, with the answers, more by day than by night. */
export function flowsOf(
  links: readonly Link[],
  from: number,
  hours: number,
  random: () => number,
): readonly Flow[] {
  const flows: Flow[] = [];
  for (const one of links) {
    for (let hour = from; hour < from + hours; hour++) {
      const expected = one.perHour * (1 + 0.4 * Math.sin(((hour % DAY) / DAY) * 2 * Math.PI));
      const count = Math.floor(expected + random());
      for (let n = 0; n < count; n++) {
        const at = hour * 3600 + Math.floor(random() * 3600);
        flows.push(...recordsOf(one, at, 33_000 + Math.floor(random() * 27_000), 0.7 + random() * 0.6));
      }
    }
  }
  return flows;
}

const isInside = (address: string): boolean => address.startsWith('10.');

function recordsOf(one: Link, at: number, ephemeral: number, size: number): readonly Flow[] {
  const { client, server, port, protocol, action, through, node } = one;
  const sport = protocol === 1 ? 0 : ephemeral;
  const common = { at, lasts: 20, protocol, packets: one.packets, bytes: Math.round(one.bytes * size) };
  if (through !== undefined) return hopsOf(one, through, sport, common);
  if (node !== undefined) return podRecords(one, node, sport, common);
  const { lasts, packets, bytes } = common;
  // Each field by name: copying all of a flow takes several times as long, and there are many.
  const flow = (own: string, from: string, to: string, ports: readonly [number, number]): Flow => {
    const { face, more } = placeOf(own);
    return { at, lasts, protocol, packets, bytes, from, to, sport: ports[0], dport: ports[1], action, face, more };
  };
  return [server, client].filter(isInside).flatMap((own) => {
    if (action === 'REJECT') return own === server ? [flow(own, client, server, [sport, port])] : [];
    return [flow(own, client, server, [sport, port]), flow(own, server, client, [port, sport])];
  });
} // prettier-ignore

const places = new Map<string, Required<Pick<Flow, 'face' | 'more'>>>();

function placeOf(own: string): Required<Pick<Flow, 'face' | 'more'>> {
  const known = places.get(own);
  if (known !== undefined) return known;
  const subnet = own.split('.')[2];
  const more = own.startsWith('10.0.0.') ? {} : { 'subnet-id': `subnet-${subnet}`, 'az-id': `az-${subnet === '3' ? 2 : 1}` }; // prettier-ignore
  const place = { face: `eni-${own}`, more };
  places.set(own, place);
  return place;
}

type Common = Pick<Flow, 'at' | 'lasts' | 'protocol' | 'packets' | 'bytes'>;

/** What the machine's interface logs, and the gateway's on both sides, each with the answers. */
function hopsOf(
  { client, server, port }: Link,
  { gateway, logsPackets }: NonNullable<Link['through']>,
  sport: number,
  common: Common,
): readonly Flow[] {
  const both = (own: string, from: string, to: string, ends: readonly [string, string]): readonly Flow[] => {
    const { face, more } = placeOf(own);
    const packets = ([src, dst]: readonly [string, string]): NonNullable<Flow['more']> =>
      logsPackets ? { ...more, 'pkt-srcaddr': src, 'pkt-dstaddr': dst } : more;
    return [
      { ...common, face, from, to, sport, dport: port, more: packets(ends) },
      { ...common, face, from: to, to: from, sport: port, dport: sport, more: packets([ends[1], ends[0]]) },
    ];
  };
  return [
    ...both(client, client, server, [client, server]),
    ...both(gateway, client, gateway, [client, server]),
    ...both(gateway, gateway, server, [gateway, server]),
  ];
} // prettier-ignore

/** At the node's interface the node's own address stands for its pod's; elsewhere the pod's is logged. */
function podRecords(
  { client, server, port }: Link,
  node: string,
  sport: number,
  common: Common,
): readonly Flow[] {
  return [node, server].filter(isInside).flatMap((own) => {
    const { face, more } = placeOf(own);
    const shown = own === node ? node : client;
    return [
      { ...common, face, from: shown, to: server, sport, dport: port, more: { ...more, 'pkt-srcaddr': client, 'pkt-dstaddr': server } },
      { ...common, face, from: server, to: shown, sport: port, dport: sport, more: { ...more, 'pkt-srcaddr': server, 'pkt-dstaddr': client } },
    ];
  });
} // prettier-ignore
