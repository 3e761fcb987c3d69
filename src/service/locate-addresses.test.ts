import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CloudRanges } from '../enrich/aws/cloud-ranges.ts';
import { Places } from '../enrich/geo/outside-places.ts';
import { HostNames } from '../enrich/inventory/host-names.ts';
import { Inventory } from '../enrich/inventory/inventory.ts';
import { createEnrichment } from '../enrich/enrichment.ts';
import { MOST_PLACES } from '../model/places/places.ts';
import { parseAddress } from '../model/query/address-block.ts';
import { locateAddresses } from './locate-addresses.ts';

const nothing = { inventory: new Inventory([]), hosts: new HostNames([]), clouds: new CloudRanges([]) };
const enrichment = createEnrichment({ ...nothing, places: await Places.open([]) }, 'a test');
const ask = (...addresses: readonly unknown[]): ReturnType<typeof locateAddresses>['places'] =>
  locateAddresses({ addresses }, enrichment).places;

test('countries and operators come in the order asked, each address once and as it was written', () => {
  expect(ask('8.8.8.8', '2001:4860:4860::8888', '8.8.8.8', '2001:4860:4860:0:0:0:0:8888')).toEqual([
    { address: '8.8.8.8', country: 'US', asn: 15169, as_name: expect.stringContaining('Google') },
    {
      address: '2001:4860:4860::8888',
      country: 'US',
      asn: 15169,
      as_name: expect.stringContaining('Google'),
    },
    {
      address: '2001:4860:4860:0:0:0:0:8888',
      country: 'US',
      asn: 15169,
      as_name: expect.stringContaining('Google'),
    },
  ]);
});

test('nothing is said of what nobody knows, of what is inside, and of what is not an address', () => {
  expect(
    ask(
      '10.0.0.1',
      '127.0.0.1',
      '192.0.2.1',
      '100.64.0.1',
      'fd00::1',
      '::ffff:8.8.8.8',
      '',
      'web',
      '8.8.8',
      '0x8080808',
    ),
  ).toEqual([]);
  const silent = { country: () => null, operator: () => ({ number: 0, name: '' }) };
  const nameless = createEnrichment({ ...nothing, places: silent }, 'a test');
  expect(locateAddresses({ addresses: ['8.8.8.8'] }, nameless).places).toEqual([
    { address: '8.8.8.8', country: null, asn: 0, as_name: null },
  ]);
});

test('any text is taken, and the facts about one are those of the dimensions', () => {
  const texts = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV4Extended(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('0', '8', 'x', 'f', '.', ':', '/', '%', ' ') }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const [place] = ask(text);
      const {
        country = null,
        asn = null,
        as_name = null,
      } = parseAddress(text) === null ? {} : enrichment.staticFacts(text);
      expect([place?.country ?? null, place?.asn ?? null, place?.as_name ?? null]).toEqual([
        country,
        asn,
        as_name === '' ? null : as_name,
      ]);
    }),
    { numRuns: 2_000 },
  );
});

test('refuses anything but a short list of texts', () => {
  for (const request of [null, [], {}, { addresses: '8.8.8.8' }, { addresses: [8] }, { other: [] }])
    expect(() => locateAddresses(request, enrichment)).toThrow(
      expect.objectContaining({ code: 'bad_query' }),
    );
  const most = Array.from({ length: MOST_PLACES + 1 }, (_, at) => `8.8.${at >> 8}.${at & 255}`);
  expect(() => locateAddresses({ addresses: most }, enrichment)).toThrow('at most 1000');
  expect(locateAddresses({ addresses: most.slice(1) }, enrichment).places).toHaveLength(MOST_PLACES);
});
