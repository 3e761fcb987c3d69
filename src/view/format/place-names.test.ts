import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insideBlocks } from '../../model/catalog/inside-blocks.ts';
import { parseAddress, parseBlock } from '../../model/query/address-block.ts';
import { addressText } from '../../model/query/address-range.ts';
import { roomyRuns } from './names.ts';
import { isOutside } from './outside.ts';
import { PLACE_ROOM, placeText, placeTitle } from './place-names.ts';

const place = (country: string | null, asn: number | null, as_name: string | null) => ({
  country,
  asn,
  as_name,
});

test('a place is the country and the operator, if known, in a short and a long form', () => {
  expect(placeText(place('US', 15169, 'Google LLC'))).toBe('US Google LLC');
  expect(placeTitle(place('US', 15169, 'Google LLC'))).toBe('United States · AS15169 Google LLC');
  expect(placeText(place('AT', null, null))).toBe('AT');
  expect(placeTitle(place('AT', null, null))).toBe('Austria');
  expect(placeText(place(null, 64500, null))).toBe('AS64500');
  expect(placeTitle(place(null, 64500, null))).toBe('AS64500');
  const long = place('PH', 9299, 'Philippine Long Distance Telephone Co.');
  expect(placeText(long)).toBe('PH Philippine Long Dist…');
  expect(placeText(long).length).toBeLessThan(PLACE_ROOM.length);
  expect(placeTitle(long)).toBe('Philippines · AS9299 Philippine Long Distance Telephone Co.');
  // A database may contain any text.
  expect(placeTitle(place('?!', null, null))).toBe('?!');
});

test('an address is outside if it is in none of the internal networks', () => {
  const blocks = insideBlocks.flatMap((text) => parseBlock(text) ?? []);
  const edges = blocks.flatMap(({ version, first, last }) =>
    [first - 1n, first, last, last + 1n].flatMap((value) =>
      value < 0n || value >= 1n << (version === 4 ? 32n : 128n) ? [] : addressText(version, value),
    ),
  );
  const expected = (text: string): boolean => {
    const address = parseAddress(text);
    return !blocks.some(
      ({ version, first, last }) =>
        address?.version === version && address.value >= first && address.value <= last,
    );
  };
  for (const edge of edges) expect([edge, isOutside(edge)]).toEqual([edge, expected(edge)]);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      expect(isOutside(text)).toBe(expected(text));
    }),
  );
  for (const text of ['', 'web', '8.8.8', '::1%1', '8.8.8.8/8', '256.1.1.1'])
    expect([text, isOutside(text)]).toEqual([text, false]);
});

test('space for a place is reserved only next to outside addresses without a name', () => {
  const names = new Map([['8.8.8.8', 'resolver']]);
  const texts = (type: string, value: string | null): readonly string[] =>
    roomyRuns('srcaddr', type, value, names).map(({ text }) => text);
  expect(texts('address', '9.9.9.9')).toEqual(['9.9.9.9', PLACE_ROOM]);
  expect(texts('address', '8.8.8.8')).toEqual(['8.8.8.8', ' resolver']);
  expect(texts('address', '10.0.0.1')).toEqual(['10.0.0.1']);
  expect(texts('address', null)).toEqual(['none']);
  expect(texts('text', '9.9.9.9')).toEqual(['9.9.9.9']);
});
