import { expect, test } from 'vitest';
import { aboutPath } from './about-url.ts';
import { textPieces } from './text-things.ts';

const names = new Set(['metrics-collector-3', 'auth-1', 'search-2', 'mq']);
const linked = (text: string): readonly string[] => {
  const pieces = textPieces(text, (word) => names.has(word));
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  return pieces.flatMap((piece) => (piece.thing === null ? [] : [`${piece.text} ${aboutPath(piece.thing)}`]));
};

test('addresses, ports and names in a sentence of a finding have pages', () => {
  expect(
    linked(
      '16 outside addresses each try port 80 (likely http) of metrics-collector-3 (10.0.0.67, public 54.172.112.142) 180 to 184 times an hour.',
    ),
  ).toEqual([
    '80 /port/80',
    'metrics-collector-3 /name/metrics-collector-3',
    '10.0.0.67 /address/10.0.0.67',
    '54.172.112.142 /address/54.172.112.142',
  ]);
  expect(linked('Close port 22 of mq to the internet, and search its log for 174.121.157.101.')).toEqual([
    '22 /port/22',
    'mq /name/mq',
    '174.121.157.101 /address/174.121.157.101',
  ]);
});

test('each port of a list is one; what counts others is none', () => {
  expect(
    linked(
      '2001:db8::7 tries ports 23 (likely telnet), 2323 and 514/udp of 23 addresses (auth-1 and 19 more).',
    ),
  ).toEqual([
    '2001:db8::7 /address/2001%3Adb8%3A%3A7',
    '23 /port/23',
    '2323 /port/2323',
    '514/udp /port/514/udp',
    'auth-1 /name/auth-1',
  ]);
  expect(linked('It tried ports 22, 80 and 8 more in 120 minutes.')).toEqual(['22 /port/22', '80 /port/80']);
  expect(linked('The port of 23 addresses, 10 days')).toEqual([]);
});

test('interfaces, operators, and an address or a name with a port', () => {
  expect(
    linked('eni-051e289cc0c805e65 of AS7922: 10.0.10.177:8500, auth-1:8500, 10.0.0.0/8, 1.2.3.4.5, 12:30'),
  ).toEqual([
    'eni-051e289cc0c805e65 /interface/eni-051e289cc0c805e65',
    'AS7922 /operator/7922',
    '10.0.10.177 /address/10.0.10.177',
    'auth-1 /name/auth-1',
  ]);
});
