import type { Enrichment } from '../model/catalog/address-facts.ts';
import { parsePlaces } from '../model/places/parse-places.ts';
import type { PlacesAnswer } from '../model/places/places.ts';
import { parseAddress } from '../model/query/address-block.ts';

/**
 * Country and network operator of outside addresses, with the same values as the dimensions `src_country`, `src_asn` and
 * `src_as_name`; unknown ones are left out. No flow is read.
 * @throws PeepholeError `bad_query`
 */
export function locateAddresses(request: unknown, enrichment: Pick<Enrichment, 'staticFacts'>): PlacesAnswer {
  const places = parsePlaces(request).flatMap((address) => {
    // Short forms such as 8.8.8 are ambiguous.
    const facts = parseAddress(address) === null ? {} : enrichment.staticFacts(address);
    const place = {
      address,
      country: textOf(facts.country),
      asn: typeof facts.asn === 'number' ? facts.asn : null,
      as_name: textOf(facts.as_name),
    };
    return place.country === null && place.asn === null && place.as_name === null ? [] : [place];
  });
  return { places };
}

/** A name may be empty if a database has only a number. */
function textOf(value: string | number | null | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
