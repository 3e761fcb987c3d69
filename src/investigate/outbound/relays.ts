import type { Key } from '../../sql/key.ts';

/** Connections that a machine begins to an address and port outside. */
export interface Begun {
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  readonly connections: number;
}

/** Flow records of one machine of ours to another. */
export interface Sent {
  readonly src: Key;
  readonly dst: Key;
  readonly port: number;
  readonly protocol: number;
  readonly records: number;
}

/** Of what one passes on at least this share must have come in, and from those who ask the same. */
const PASSED = 0.8;

/**
 * NAT gateways, or firewalls, by what they pass on: others that connect to the same place outside send it a record for each of
 * their connections, at the port outside, and theirs together are about its own. No record need say whose packets they are.
 */
export function relays(all: readonly Begun[], sent: readonly Sent[]): ReadonlySet<Key> {
  const isRelay = (one: Begun): boolean => {
    const behind = all.filter(
      (other) =>
        other.src !== one.src &&
        other.dst === one.dst &&
        other.port === one.port &&
        other.protocol === one.protocol &&
        sent.some(
          ({ src, dst, port, protocol, records }) =>
            src === other.src &&
            dst === one.src &&
            port === one.port &&
            protocol === one.protocol &&
            records >= PASSED * other.connections,
        ),
    );
    return behind.reduce((sum, { connections }) => sum + connections, 0) >= PASSED * one.connections;
  };
  return new Set(all.filter(isRelay).map(({ src }) => src));
}
