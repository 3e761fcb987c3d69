import type { Place } from '../../model/places/places.ts';

/** The most characters that stand beside an address: the rest is in the hint. */
const MOST = 24;

/**
 * What is kept free beside an address outside, whether its place is there yet or not, so that nothing moves when it comes:
 * as wide as nearly all that `placeText` makes.
 */
export const PLACE_ROOM = ' US Telecommunications Co';

/** A place in few words, to stand beside its address: `US Google LLC`. */
export function placeText({ country, asn, as_name: name }: Place): string {
  const text = [country, name ?? (asn === null ? null : `AS${asn}`)]
    .filter((part) => part !== null)
    .join(' ');
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1).trimEnd()}…`;
}

/** A place in full: `United States · AS15169 Google LLC`. */
export function placeTitle({ country, asn, as_name: name }: Place): string {
  const network = [asn === null ? null : `AS${asn}`, name].filter((part) => part !== null).join(' ');
  return [country === null ? null : countryName(country), network]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

let countries: Intl.DisplayNames | undefined;

/** What a country is called; its code where that is none. */
function countryName(code: string): string {
  countries ??= new Intl.DisplayNames('en', { type: 'region' });
  try {
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}
