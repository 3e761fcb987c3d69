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
  | { readonly what: 'interface'; readonly interface: Key; readonly address: Key | null; readonly stillSends: boolean; readonly gone: Gone; readonly links: readonly GoneLink[] }
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
  /** Addresses of `interfaces` that others still log as senders: they are there, and their flow log has ended. */
  readonly stillSending: ReadonlySet<Key>;
}

/** So many others that go at once are gone because of the one that they all had to do with. */
const SEVERAL = 2;
/** What goes at once is last seen within so many hours: what is steady may miss one now and then. */
const TOGETHER = 2;

function areTogether(one: Gone, other: Gone): boolean {
  return Math.abs(one.lastHour - other.lastHour) <= TOGETHER;
}

/** Whether a service is gone because its machine is. */
function isDownWith({ gone }: GoneService, machine: Gone | undefined): boolean {
  return machine !== undefined && areTogether(gone, machine);
}

/** A link, whichever interface logs it: often two do. */
export function linkText({ src, dst, port, protocol }: LinkKey): string {
  return `${src} ${dst} ${port} ${protocol}`;
}

/**
 * One finding for one cause: a machine that is down takes its services, its links and those who only talked to it along. Who only talked
 * to one that is gone, which others talked to as well, is no cause; two that only talked to each other are a link. What goes at another
 * time, or used another port than that of a service that is gone, has another cause.
 */
export function causesOf({ interfaces, senders, services, links: all, isIdleLogged, stillSending }: AllGone, isOurs: (key: Key) => boolean): readonly Vanished[] {
  const links = withoutAnswers(all);
  const silent = new Map(senders.map(({ address, gone }) => [address, gone]));
  const closed = new Map(services.map(({ address, port, protocol, gone }) => [`${address} ${port} ${protocol}`, gone]));
  const bySource = groupBy(links, ({ src }) => src);
  const byTarget = groupBy(links, ({ dst }) => dst);
  const about = (key: Key): readonly GoneLink[] => [...(byTarget.get(key) ?? []), ...(bySource.get(key) ?? [])];
  const peerOf = (key: Key, { src, dst }: GoneLink): Key => (src === key ? dst : src);
  const peersOf = (key: Key, some: readonly GoneLink[]): ReadonlySet<Key> => new Set(some.map((link) => peerOf(key, link)));
  // Whether a link may be gone because one of its ends is, or the service at it.
  const takesAlong = (end: Key, { dst, port, protocol, gone }: GoneLink): boolean =>
    [silent.get(end), end === dst ? closed.get(`${dst} ${port} ${protocol}`) : undefined].some((one) => one !== undefined && areTogether(one, gone));
  const ends = new Set([...bySource.keys(), ...byTarget.keys()]);
  const hubs = new Set([...ends].filter((key) => peersOf(key, about(key).filter((link) => takesAlong(key, link))).size >= SEVERAL));
  // Whoever had to do with hubs that are gone, and nobody else, followed them.
  const isFollower = (key: Key): boolean => {
    const own = about(key);
    return !hubs.has(key) && own.length > 0 && own.every((link) => hubs.has(peerOf(key, link)) && takesAlong(peerOf(key, link), link));
  };
  // Two that had to do with each other alone: nobody can tell which of them is the cause.
  const isPair = (key: Key): boolean => {
    const own = about(key);
    const [other, ...more] = peersOf(key, own);
    return other !== undefined && more.length === 0 && peersOf(other, about(other)).size === 1 && own.every((link) => takesAlong(other, link));
  };
  const withInterface = new Map(interfaces.flatMap((one) => (one.address === null ? [] : [[one.address, one] as const])));
  const causes = senders.filter(({ address }) => {
    // Who only answers outside is no source.
    if (!isOurs(address) && !bySource.has(address)) return false;
    return (isIdleLogged && withInterface.has(address)) || (!isFollower(address) && !isPair(address));
  });
  const sends = ({ address }: GoneInterface): boolean => address !== null && stillSending.has(address);
  // Without records of idle interfaces, one that ends is told where it would else be told of what it alone had logged.
  const ended = interfaces.filter((one) => isIdleLogged || (sends(one) && (services.some((service) => service.address === one.address && areTogether(service.gone, one.gone)) || links.some((link) => link.interface === one.interface && areTogether(link.gone, one.gone)))));
  const endedAt = new Map(ended.flatMap((one) => (one.address === null ? [] : [[one.address, one] as const])));
  const gone = new Set(causes.map(({ address }) => address));
  const reported = new Set<string>();
  const take = (some: readonly GoneLink[], since: Gone): readonly GoneLink[] => {
    const found = some.filter((link) => areTogether(link.gone, since));
    for (const link of found) reported.add(linkText(link));
    return found;
  };
  return [
    ...causes.map(({ address, gone: since }): Vanished => {
      const found = take(about(address), since);
      if (!isOurs(address)) return { what: 'source', address, gone: since, links: found };
      return { what: 'machine', address, interface: withInterface.get(address)?.interface ?? null, gone: since, links: found };
    }),
    ...ended.filter(({ address }) => address === null || !gone.has(address)).map((one): Vanished => ({
      what: 'interface',
      stillSends: sends(one),
      interface: one.interface,
      address: one.address,
      gone: one.gone,
      links: take(links.filter((link) => link.interface === one.interface || link.src === one.address || link.dst === one.address), one.gone),
    })),
    ...services.filter((service) => !isDownWith(service, silent.get(service.address)) && !isDownWith(service, endedAt.get(service.address)?.gone)).flatMap((service): readonly Vanished[] => {
      const found = (byTarget.get(service.address) ?? []).filter((link) => link.port === service.port && link.protocol === service.protocol && areTogether(link.gone, service.gone));
      // If it has a single client, that client or the link is reported instead.
      if (found.length === 1 || (found.length > 1 && found.every(({ src }) => gone.has(src)))) return [];
      return [{ what: 'service', service, gone: service.gone, links: take(found, service.gone) }];
    }),
    ...linksTogether(links.filter((link) => !reported.has(linkText(link)) && !isFollower(link.src) && !isFollower(link.dst))),
  ];
} // prettier-ignore

/**
 * Links without those that are answers of others: the same two the other way, gone at the same time, to a higher port. Sums by the
 * hour have no source ports, and clients may use ports below 32,768.
 */
function withoutAnswers(links: readonly GoneLink[]): readonly GoneLink[] {
  const between = groupBy(links, ({ src, dst, protocol }) => `${src} ${dst} ${protocol}`);
  return links.filter(
    ({ src, dst, port, protocol, gone }) =>
      !(between.get(`${dst} ${src} ${protocol}`) ?? []).some(
        (asked) => asked.port < port && areTogether(asked.gone, gone),
      ),
  );
}

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
