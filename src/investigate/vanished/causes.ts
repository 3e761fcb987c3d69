import type { LinkKey, ServiceKey } from '../../sql/investigate/vanished-queries.ts';
import type { Key } from '../../sql/key.ts';
import { groupBy } from '../group-by.ts';
import type { Gone } from './presence.ts';

export interface GoneLink extends LinkKey {
  readonly gone: Gone;
}

interface GoneService extends ServiceKey {
  readonly gone: Gone;
}

interface GoneSender {
  readonly address: Key;
  readonly gone: Gone;
}

interface GoneInterface {
  readonly interface: Key;
  /** The address of ours that most of its records were about; null: none. */
  readonly address: Key | null;
  readonly gone: Gone;
}

/** One thing that has stopped, reported once, with the links that stopped with it. */
export type Vanished =
  | { readonly what: 'machine'; readonly address: Key; readonly interface: Key | null; readonly gone: Gone; readonly links: readonly GoneLink[] }
  | { readonly what: 'interface'; readonly interface: Key; readonly address: Key | null; readonly gone: Gone; readonly links: readonly GoneLink[] }
  | { readonly what: 'service'; readonly service: ServiceKey; readonly gone: Gone; readonly links: readonly GoneLink[] }
  | { readonly what: 'source'; readonly address: Key; readonly gone: Gone; readonly links: readonly GoneLink[] }
  | { readonly what: 'link'; readonly gone: Gone; readonly links: readonly [GoneLink, ...GoneLink[]] }; // prettier-ignore

export interface AllGone {
  readonly interfaces: readonly GoneInterface[];
  readonly senders: readonly GoneSender[];
  readonly services: readonly GoneService[];
  readonly links: readonly GoneLink[];
  /** Whether interfaces without traffic leave records: else their silence says no more than that of their addresses. */
  readonly isIdleLogged: boolean;
}

/** So many others that go at once are gone because of the one that they all had to do with. */
const SEVERAL = 2;

/**
 * One finding for one cause: a machine that is down takes its services, its links and those who only talked to it along. Who only talked
 * to one that is gone, which others talked to as well, is no cause; two that only talked to each other are a link.
 */
export function causesOf({ interfaces, senders, services, links, isIdleLogged }: AllGone, isOurs: (key: Key) => boolean): readonly Vanished[] {
  const silent = new Set(senders.map(({ address }) => address));
  const peers = new Map<Key, Set<Key>>();
  for (const { src, dst } of links) {
    peers.set(src, (peers.get(src) ?? new Set()).add(dst));
    peers.set(dst, (peers.get(dst) ?? new Set()).add(src));
  }
  const closed = new Set(services.map(({ address }) => address));
  const isHub = (key: Key): boolean => (silent.has(key) || closed.has(key)) && (peers.get(key)?.size ?? 0) >= SEVERAL;
  // Whoever had to do with hubs that are gone, and nobody else, followed them.
  const isFollower = (key: Key): boolean => {
    const own = [...(peers.get(key) ?? [])];
    return !isHub(key) && own.length > 0 && own.every(isHub);
  };
  // Two that had to do with each other alone: nobody can tell which of them is the cause.
  const isPair = (key: Key): boolean => {
    const [other, ...more] = peers.get(key) ?? [];
    return other !== undefined && more.length === 0 && (silent.has(other) || closed.has(other)) && peers.get(other)?.size === 1;
  };
  const bySource = groupBy(links, ({ src }) => src);
  const byTarget = groupBy(links, ({ dst }) => dst);
  const withInterface = new Map(interfaces.flatMap((one) => (one.address === null ? [] : [[one.address, one] as const])));
  const causes = senders.filter(({ address }) => {
    // Who only answers outside is no source.
    if (!isOurs(address) && !bySource.has(address)) return false;
    return (isIdleLogged && withInterface.has(address)) || (!isFollower(address) && !isPair(address));
  });
  const gone = new Set(causes.map(({ address }) => address));
  const about = (key: Key): readonly GoneLink[] => [...(byTarget.get(key) ?? []), ...(bySource.get(key) ?? [])];
  const reported = new Set<GoneLink>();
  const take = (some: readonly GoneLink[]): readonly GoneLink[] => {
    for (const link of some) reported.add(link);
    return some;
  };
  return [
    ...causes.map(({ address, gone: since }): Vanished => {
      const found = take(about(address));
      if (!isOurs(address)) return { what: 'source', address, gone: since, links: found };
      return { what: 'machine', address, interface: withInterface.get(address)?.interface ?? null, gone: since, links: found };
    }),
    ...interfaces.filter(({ address }) => isIdleLogged && (address === null || !gone.has(address))).map((one): Vanished => ({
      what: 'interface',
      interface: one.interface,
      address: one.address,
      gone: one.gone,
      links: take(links.filter((link) => link.interface === one.interface)),
    })),
    ...services.filter(({ address }) => !silent.has(address)).flatMap((service): readonly Vanished[] => {
      const found = (byTarget.get(service.address) ?? []).filter(({ port, protocol }) => port === service.port && protocol === service.protocol);
      // If it has a single client, that client or the link is reported instead.
      if (found.length === 1 || (found.length > 1 && found.every(({ src }) => gone.has(src)))) return [];
      return [{ what: 'service', service, gone: service.gone, links: take(found) }];
    }),
    ...linksTogether(links.filter((link) => !reported.has(link) && !isFollower(link.src) && !isFollower(link.dst))),
  ];
} // prettier-ignore

/** Links of one source, or else to one port, that end in the same hour: one finding, of the busiest. */
function linksTogether(links: readonly GoneLink[]): readonly Vanished[] {
  const flows = ({ gone }: GoneLink): number => gone.active.reduce((sum, [, count]) => sum + count, 0);
  const bySource = [...groupBy(links, ({ src, gone }) => `${src} ${gone.lastHour}`).values()];
  const several = bySource.filter(({ length }) => length > 1);
  const single = bySource.filter(({ length }) => length === 1).flat();
  const byTarget = [...groupBy(single, ({ dst, port, gone }) => `${dst} ${port} ${gone.lastHour}`).values()];
  return [...several, ...byTarget].flatMap((some): readonly Vanished[] => {
    const [first, ...rest] = some.toSorted((a, b) => flows(b) - flows(a));
    return first === undefined ? [] : [{ what: 'link', gone: first.gone, links: [first, ...rest] }];
  });
}
