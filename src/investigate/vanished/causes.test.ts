import { describe, expect, test } from 'vitest';
import type { Key } from '../../sql/key.ts';
import { causesOf, type AllGone, type GoneLink, type Vanished } from './causes.ts';
import type { Gone } from './presence.ts';

/** Gone after the hour `lastHour`. */
const gone = (lastHour: number): Gone => ({
  firstHour: 0,
  lastHour,
  known: lastHour + 1,
  share: 1,
  silent: 200 - lastHour,
  active: [[lastHour, 9]],
});

const link = (src: Key, dst: Key, port: number, lastHour: number, face: Key = 'eni-dst'): GoneLink => ({
  interface: face,
  src,
  dst,
  port,
  protocol: 6,
  gone: gone(lastHour),
});

/** What is reported, in a few words each. */
function causes(all: Partial<AllGone>): readonly string[] {
  const every = {
    interfaces: [],
    senders: [],
    services: [],
    links: [],
    stillSending: new Set<Key>(),
    isIdleLogged: true,
    ...all,
  };
  return causesOf(every, (key) => String(key).startsWith('10.')).map(wordsOf);
}

function wordsOf(one: Vanished): string {
  const name =
    one.what === 'service'
      ? `${one.service.address}:${one.service.port}`
      : one.what === 'link'
        ? `${one.links[0].src} ${one.links[0].dst}`
        : (('address' in one ? one.address : null) ?? '-');
  return `${one.what} ${name}, ${one.links.length} links`;
}

const senders = (lastHour: number, ...addresses: readonly Key[]): AllGone['senders'] =>
  addresses.map((address) => ({ address, gone: gone(lastHour) }));

describe('a source that only used a machine of which a service is gone', () => {
  const service = { address: '10.0.0.5', port: 16_443, protocol: 6, gone: gone(100) };
  const clients = ['192.0.2.1', '192.0.2.2'].map((src) => link(src, '10.0.0.5', 16_443, 100));

  test.each([
    ['went with the service', 16_443, 101, ['service 10.0.0.5:16443, 3 links']],
    ['used another port', 443, 101, ['source 192.0.2.9, 1 links', 'service 10.0.0.5:16443, 2 links']],
    ['went days later', 16_443, 160, ['source 192.0.2.9, 1 links', 'service 10.0.0.5:16443, 2 links']],
  ])('%s', (_, port, lastHour, expected) => {
    const found = causes({
      services: [service],
      senders: [...senders(100, '192.0.2.1', '192.0.2.2'), ...senders(lastHour, '192.0.2.9')],
      links: [...clients, link('192.0.2.9', '10.0.0.5', port, lastHour)],
    });
    expect(found).toEqual(expected);
  });
});

describe('a machine', () => {
  const links = ['10.0.0.1', '10.0.0.2'].map((src) => link(src, '10.0.0.5', 443, 100));

  test('takes its links along, and its services', () => {
    expect(
      causes({
        senders: senders(101, '10.0.0.5', '10.0.0.1', '10.0.0.2'),
        services: [{ address: '10.0.0.5', port: 443, protocol: 6, gone: gone(100) }],
        links,
      }),
    ).toEqual(['machine 10.0.0.5, 2 links']);
  });

  test('whose interface alone is known to be gone takes its services along too', () => {
    expect(
      causes({
        interfaces: [{ interface: 'eni-dst', address: '10.0.0.5', gone: gone(101) }],
        services: [{ address: '10.0.0.5', port: 443, protocol: 6, gone: gone(100) }],
        links,
      }),
    ).toEqual(['interface 10.0.0.5, 2 links']);
  });

  test('does not take what was gone days before', () => {
    expect(
      causes({
        senders: senders(180, '10.0.0.5'),
        services: [{ address: '10.0.0.5', port: 443, protocol: 6, gone: gone(100) }],
        links,
      }),
    ).toEqual(['machine 10.0.0.5, 0 links', 'service 10.0.0.5:443, 2 links']);
  });
});

describe('an interface', () => {
  test.each(['10.0.0.5', null])(
    'takes the links of its address (%s) along, as others log them',
    (address) => {
      const links = ['10.0.0.1', '10.0.0.2'].flatMap((dst) => [
        link('10.0.0.5', dst, 161, 100, 'eni-own'),
        link('10.0.0.5', dst, 161, 100, `eni-${dst}`),
      ]);
      const found = causes({ interfaces: [{ interface: 'eni-own', address, gone: gone(100) }], links });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^interface /);
    },
  );
});
