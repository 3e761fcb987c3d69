import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aboutKinds } from '../../src/model/about/parse-about.ts';
import { aboutPath, portThing, thingOfPath, thingOfValue, understandThing } from './about-url.ts';

test('a path leads to what it is the page of, whatever its name holds', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(...aboutKinds), value, (kind, text) => {
      expect(thingOfPath(aboutPath({ kind, value: text }))).toEqual({ kind, value: text });
    }),
    { numRuns: 200, seed: 1 },
  );
  expect(aboutPath({ kind: 'port', value: '443/tcp' })).toBe('/port/443/tcp');
  for (const path of ['/', '/knocks', '/address', '/address/', '/name/%E0%A4%A'])
    expect(thingOfPath(path)).toBeNull();
});

test('values of dimensions have pages where there is something to tell of them', () => {
  expect(thingOfValue('srcaddr', 'address', '10.0.0.1')).toEqual({ kind: 'address', value: '10.0.0.1' });
  expect(thingOfValue('dst_asn', 'integer', 7922)).toEqual({ kind: 'operator', value: '7922' });
  expect(thingOfValue('src_name', 'text', 'a/b')).toEqual({ kind: 'name', value: 'a/b' });
  expect(thingOfValue('srcport', 'integer', 443)).toBeNull();
  expect(thingOfValue('srcaddr', 'address', null)).toBeNull();
  expect(portThing(53, 17).value).toBe('53/udp');
  expect(portThing(0, 1).value).toBe('0');
});

test('parses typed text', () => {
  expect(understandThing(' 2001:db8::1 ')).toEqual({ kind: 'address', value: '2001:db8::1' });
  expect(understandThing('as7922')).toEqual({ kind: 'operator', value: '7922' });
  expect(understandThing('443/tcp')).toEqual({ kind: 'port', value: '443/tcp' });
  expect(understandThing('eni-0a1b')?.kind).toBe('interface');
  expect(understandThing('collector-1')?.kind).toBe('name');
  expect(understandThing('  ')).toBeNull();
});
