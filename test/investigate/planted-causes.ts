import { link, type Link, type Network } from './planted-world.ts';

/** What a row has to say to name a cause: each of these must be among its values (any of a list). */
export type Named = readonly (readonly (string | number | RegExp)[])[];

export interface Planted {
  readonly kind: string;
  readonly by?: 'flows' | 'bytes';
  /** Only those flows are compared, on both sides. */
  readonly filter?: readonly unknown[];
  /** The links of the second day. */
  readonly after: (links: readonly Link[], network: Network) => readonly Link[];
  /** Any of these names it. */
  readonly cause: (network: Network) => readonly Named[];
}

const at = <T>(list: readonly T[], place: number): T => list[place]!;
const without =
  (drop: (one: Link, network: Network) => boolean): Planted['after'] =>
  (links, network) =>
    links.filter((one) => !drop(one, network));
const times =
  (factor: number, which: (one: Link, network: Network) => boolean): Planted['after'] =>
  (links, network) =>
    links.map((one) => (which(one, network) ? { ...one, perHour: one.perHour * factor } : one));
const more =
  (some: (network: Network) => readonly Link[]): Planted['after'] =>
  (links, network) => [...links, ...some(network)];
const has = (one: Link, address: string): boolean => one.client === address || one.server === address;
/** A machine, or its interface. */
const machine = (address: string): readonly (string | number)[] => [address, `eni-${address}`];

/** Causes of many kinds. What names them was written down by hand, without a look at any answer. */
export const planted: readonly Planted[] = [
  {
    kind: 'one scanner at one port of all machines',
    after: more(({ webs, apps }) => [...webs, ...apps].map((one) => link('89.248.1.7', one, 3389, 3, { packets: 1, bytes: 40, action: 'REJECT' }))),
    cause: () => [[['89.248.1.7']], [[3389]]],
  },
  {
    kind: 'one stranger at one port of one machine',
    after: more(({ webs }) => [link('62.4.4.4', at(webs, 2), 9200, 30, { action: 'REJECT' })]),
    cause: () => [[['62.4.4.4']], [[9200]]],
  },
  {
    kind: 'many addresses at one port: no source is the cause',
    after: more(({ webs }) => Array.from({ length: 60 }, (_, i) => link(`171.${i}.2.9`, at(webs, i % 6), 23, 1, { packets: 1, bytes: 40, action: 'REJECT' }))),
    cause: () => [[[23]]],
  },
  { kind: 'web server down', after: without((one, { webs }) => has(one, at(webs, 1))), cause: ({ webs }) => [[machine(at(webs, 1))]] },
  { kind: 'database down', after: without((one, { stores }) => has(one, at(stores, 0))), cause: ({ stores }) => [[machine(at(stores, 0))]] },
  { kind: 'client gone', after: without((one, { clients }) => has(one, at(clients, 1))), cause: ({ clients }) => [[[at(clients, 1)]]] },
  { kind: 'client twice as busy', after: times(2, (one, { clients }) => has(one, at(clients, 0))), cause: ({ clients }) => [[[at(clients, 0)]]] },
  {
    kind: 'a port of one machine that was let in is refused',
    after: (links, { webs }) => links.map((one) => (one.server === at(webs, 0) && one.port === 443 ? { ...one, action: 'REJECT' } : one)),
    cause: ({ webs }) => [[[443], machine(at(webs, 0))], [[443], ['REJECT']]],
  },
  {
    kind: 'a port of one machine that was refused is let in',
    after: (links) => links.map((one) => (one.port === 2222 ? { ...one, action: 'ACCEPT' } : one)),
    cause: () => [[[2222]]],
  },
  {
    kind: 'one heavy client behind NAT',
    after: more(({ webs }) => webs.map((web) => link('200.1.1.1', web, 443, 8))),
    cause: () => [[['200.1.1.1']]],
  },
  {
    kind: 'packets of one machine larger', by: 'bytes',
    after: (links, { webs }) => links.map((one) => (one.server === at(webs, 3) ? { ...one, bytes: one.bytes * 4 } : one)),
    cause: ({ webs }) => [[machine(at(webs, 3))]],
  },
  {
    kind: 'one machine sends much out', by: 'bytes',
    after: more(({ apps }) => [link(at(apps, 5), '185.9.9.9', 443, 2, { bytes: 2_000_000 })]),
    cause: ({ apps }) => [[['185.9.9.9']], [machine(at(apps, 5))]],
  },
  { kind: 'subnet gone', after: without(({ client, server }) => [client, server].some((one) => one.startsWith('10.0.2.'))), cause: () => [[['subnet-2']]] },
  { kind: 'zone gone', after: without(({ client, server }) => [client, server].some((one) => one.startsWith('10.0.3.'))), cause: () => [[['az-2']]] },
  {
    kind: 'link between two machines ended',
    after: without((one) => one.server === '10.0.1.90' && one.client === '10.0.1.40'),
    cause: () => [[machine('10.0.1.90'), machine('10.0.1.40')]],
  },
  {
    kind: 'service moved to another port',
    after: (links) => links.map((one) => (one.port === 6379 ? { ...one, port: 6380 } : one)),
    cause: () => [[[6379]], [[6380]]],
  },
  {
    kind: 'one machine refused more often',
    after: (links, { apps }) => links.flatMap((one) => (one.server === at(apps, 4) && one.port === 8080 ? [{ ...one, perHour: one.perHour / 2 }, { ...one, perHour: one.perHour / 2, action: 'REJECT' as const }] : [one])).concat(link('62.7.7.7', at(apps, 4), 8080, 12, { action: 'REJECT' })),
    cause: ({ apps }) => [[machine(at(apps, 4)), [8080, 'REJECT', '62.7.7.7']]],
  },
  { kind: 'name service three times as busy (UDP)', after: times(4, ({ port }) => port === 53), cause: () => [[[53]], [[17]], [['10.0.0.2']]] },
  { kind: 'pings from one machine (ICMP)', after: more(({ stores }) => [link('10.0.1.10', at(stores, 3), 0, 25, { protocol: 1, packets: 1, bytes: 84 })]), cause: ({ stores }) => [[['10.0.1.10']], [machine(at(stores, 3))], [[1]]] },
  { kind: 'monitoring stopped', after: without((one) => one.client === '10.0.0.9'), cause: () => [[machine('10.0.0.9')], [[1]]] },
  {
    kind: 'many visitors of one country and operator: no source is the cause',
    after: more(({ webs }) => Array.from({ length: 60 }, (_, i) => link(`217.${224 + (i % 12)}.${i * 4}.${9 + i}`, at(webs, i % 6), 443, 1))),
    cause: () => [[['DE']], [[/Deutsche Telekom|DTAG/]]],
  },
  { kind: 'no name service any more', after: without(({ port }) => port === 53), cause: () => [[[53]], [[17]], [['10.0.0.2']]] },
  {
    kind: 'one app server takes over another’s work',
    after: (links, { apps }) => links.map((one) => ({ ...one, server: one.server === at(apps, 1) ? at(apps, 2) : one.server, client: one.client === at(apps, 1) ? at(apps, 2) : one.client })),
    cause: ({ apps }) => [[machine(at(apps, 1))], [machine(at(apps, 2))]],
  },
  {
    kind: 'machine inside that looks around',
    after: more(({ webs, apps, stores }) => [...webs, ...stores].map((one) => link(at(apps, 8), one, 445, 3, { packets: 1, bytes: 52, action: 'REJECT' }))),
    cause: ({ apps }) => [[[445]], [machine(at(apps, 8))]],
  },
  {
    kind: 'among refused flows: one more stranger', filter: [{ field: 'action', in: ['REJECT'] }],
    after: more(({ apps }) => [link('77.1.2.3', at(apps, 0), 1433, 2, { action: 'REJECT' })]),
    cause: () => [[['77.1.2.3']], [[1433]]],
  },
  {
    kind: 'a subnet a third busier',
    after: times(1.4, ({ client, server }) => [client, server].some((one) => one.startsWith('10.0.2.'))),
    cause: () => [[['subnet-2']]],
  },
  {
    kind: 'a miner behind a NAT gateway',
    after: more(({ apps }) => [link(at(apps, 2), '185.7.7.7', 3333, 4, { through: { gateway: '10.0.0.7', logsPackets: true } })]),
    cause: ({ apps }) => [[['185.7.7.7', 3333], machine(at(apps, 2))]],
  },
  {
    kind: 'much sent out through a NAT gateway', by: 'bytes',
    after: more(({ apps }) => [link(at(apps, 3), '185.8.8.8', 443, 4, { bytes: 900_000, through: { gateway: '10.0.0.7', logsPackets: true } })]),
    cause: ({ apps }) => [[['185.8.8.8'], machine(at(apps, 3))]],
  },
  {
    kind: 'mail from one pod of a node',
    after: more(() => Array.from({ length: 20 }, (_, i) => link('10.0.1.201', `64.${i}.3.9`, 25, 2, { node: '10.0.1.200' }))),
    cause: () => [[['10.0.1.201'], [25]]],
  },
]; // prettier-ignore
