import { expect, test } from 'vitest';
import { parseHosts } from './parse-hosts.ts';

test('names of addresses are read as hosts files have them', () => {
  const text = [
    '\uFEFF# partners',
    '198.51.100.7\tmail.example.net. mail   # the first name counts',
    '',
    '2001:DB8:0:0:0:0:0:7 v6.example.net\r',
    '203.0.113.9, feed.example.org',
    '198.51.100.7 again.example.net',
  ].join('\n');
  expect(parseHosts(text, 'hosts')).toEqual([
    { kind: 'host', id: '198.51.100.7', name: 'mail.example.net' },
    { kind: 'host', id: '2001:db8::7', name: 'v6.example.net' },
    { kind: 'host', id: '203.0.113.9', name: 'feed.example.org' },
  ]);
  expect(parseHosts('', 'hosts')).toEqual([]);
});

test.each([
  ['mail.example.net 198.51.100.7'],
  ['198.51.100.7'],
  ['198.51.100.300 mail'],
  ['7 seven'],
  ['0x7f000001 local'],
  ['198.51.100.0/24 net'],
  [`198.51.100.7 ${'x'.repeat(254)}`],
])('%s is refused with its line', (line) => {
  expect(() => parseHosts(`127.0.0.1 localhost\n${line}`, 'my hosts')).toThrow(
    /^Line 2 of my hosts is not an address and a name/,
  );
});
