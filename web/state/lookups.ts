import ipaddr from 'ipaddr.js';
import { type Lookup, MOST_LOOKUP_NAME, faultOf, lookupUrl } from '../../src/model/document/lookup.ts';

/** The links for an address, in their order. */
export function linksFor(
  lookups: readonly Lookup[],
  address: string,
): readonly { readonly name: string; readonly url: string }[] {
  const outside = isPublic(address);
  return lookups.flatMap((lookup) => {
    const url =
      (outside || !lookup.outside) && faultOf(lookup) === null ? lookupUrl(lookup.template, address) : null;
    return url === null ? [] : [{ name: lookup.name, url }];
  });
}

/** The valid look-ups of what an earlier version of the page stored in this browser, which may be anything. */
export function readLookups(json: unknown): readonly Lookup[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((each: unknown) => {
    const { name, template, outside } = (each ?? {}) as Partial<Record<keyof Lookup, unknown>>;
    if (typeof name !== 'string' || typeof template !== 'string') return [];
    const lookup = {
      name: name.trim().slice(0, MOST_LOOKUP_NAME),
      template: template.trim(),
      outside: outside === true,
    };
    return faultOf(lookup) === null ? [lookup] : [];
  });
}

/** Those of `more` whose web address none of `known` has. */
export function unknownLookups(known: readonly Lookup[], more: readonly Lookup[]): readonly Lookup[] {
  const templates = new Set(known.map(({ template }) => template));
  return more.filter(({ template }) => !templates.has(template) && templates.add(template));
}

function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
