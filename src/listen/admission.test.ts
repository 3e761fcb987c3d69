import { expect, test } from 'vitest';
import { Admission, sourceKey } from './admission.ts';
import { DEFAULT_BOUNDS } from './bounds.ts';

const bounds = {
  ...DEFAULT_BOUNDS,
  connections: 3,
  connectionsOfSource: 2,
  rate: 1_000,
  rateOfSource: 1_000,
};

test('open connections are limited in total and per source', () => {
  const admission = new Admission(bounds, 0);
  expect(admission.enter('192.0.2.1', 0)).toBeNull();
  expect(admission.enter('192.0.2.1', 0)).toBeNull();
  expect(admission.enter('192.0.2.1', 0)).toBe('connections_of_source');
  expect(admission.enter('192.0.2.2', 0)).toBeNull();
  expect(admission.enter('192.0.2.3', 0)).toBe('connections');
  admission.leave('192.0.2.1');
  expect(admission.enter('192.0.2.3', 0)).toBeNull();
  expect(admission.open).toBe(3);
});

test('a source over its rate does not use up the total rate, and rates recover over time', () => {
  const admission = new Admission(
    { ...bounds, connections: 100, connectionsOfSource: 100, rate: 5, rateOfSource: 2 },
    0,
  );
  const all = Array.from({ length: 20 }, () => admission.enter('192.0.2.1', 0));
  expect(all.filter((bound) => bound === null)).toHaveLength(4);
  expect(all.filter((bound) => bound === 'rate_of_source')).toHaveLength(16);
  const others = Array.from({ length: 20 }, (_, at) => admission.enter(`198.51.100.${at}`, 0));
  expect(others.filter((bound) => bound === null)).toHaveLength(6);
  expect(others.filter((bound) => bound === 'rate')).toHaveLength(14);
  expect(admission.enter('192.0.2.1', 500)).toBeNull();
  expect(admission.enter('192.0.2.1', 500)).toBe('rate_of_source');
});

test('setting the clock back neither adds nor removes allowance', () => {
  const admission = new Admission(
    { ...bounds, connections: 100, connectionsOfSource: 100, rateOfSource: 1 },
    10_000,
  );
  expect(admission.enter('192.0.2.1', 10_000)).toBeNull();
  expect(admission.enter('192.0.2.1', 0)).toBeNull();
  expect(admission.enter('192.0.2.1', 0)).toBe('rate_of_source');
  expect(admission.enter('192.0.2.1', 1_000)).toBeNull();
});

test('only a limited number of sources is remembered, but always those with open connections', () => {
  const admission = new Admission({ ...DEFAULT_BOUNDS, connectionsOfSource: 1 }, 0);
  expect(admission.enter('203.0.113.9', 0)).toBeNull();
  for (let at = 0; at < 300_000; at += 1) {
    const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    if (admission.enter(address, at * 10) === null) admission.leave(address);
  }
  expect(admission.sources).toBeLessThan(66_000);
  expect(admission.enter('203.0.113.9', 3_000_000)).toBe('connections_of_source');
});

test('a source is an IPv4 address, or a /64 of IPv6', () => {
  expect(sourceKey('192.0.2.1')).toBe('192.0.2.1');
  expect(sourceKey('2001:db8::1')).toBe('2001:db8:0:0');
  expect(sourceKey('2001:db8::ffff:1')).toBe('2001:db8:0:0');
  expect(sourceKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(sourceKey('::1')).toBe('0:0:0:0');
  expect(sourceKey('1:2:3::')).toBe('1:2:3:0');
});

test('addresses of one /64 share its limits; many /64s are held by the total limits and need no more memory than other sources', () => {
  const wide = { ...bounds, connections: 1_000, rate: 500, rateOfSource: 20 };
  const admission = new Admission(wide, 0);
  const one = Array.from({ length: 100 }, (_, at) => admission.enter(`2001:db8:0:7::${at.toString(16)}`, 0));
  expect(one.filter((bound) => bound === null)).toHaveLength(wide.connectionsOfSource);
  expect(one.filter((bound) => bound === 'connections_of_source')).toHaveLength(98);
  let begun = 0;
  for (let at = 0; at < 200_000; at += 1) {
    const address = `2001:db8:${(at >> 16).toString(16)}:${(at & 0xffff).toString(16)}:1:2:3:4`;
    // All in one second.
    if (admission.enter(address, at / 200) === null) begun += 1;
  }
  // Twice the rate at once, and the rate of that second, if so many may be open.
  expect(begun).toBe(wide.connections - wide.connectionsOfSource);
  expect(admission.open).toBe(wide.connections);
  expect(admission.sources).toBeLessThanOrEqual(65_536 + wide.connections);
});
