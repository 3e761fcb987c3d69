import ipaddr from 'ipaddr.js';

/** An external site about addresses: opened by the user's browser, never requested by Peephole. */
export interface Lookup {
  readonly name: string;
  /** An http or https address with `{address}` in it. */
  readonly template: string;
  /** Whether it is offered for public addresses only: private ones mean nothing there, and reveal something about this network. */
  readonly outside: boolean;
}

/** The default look-ups. */
export const defaultLookups: readonly Lookup[] = [
  { name: 'Whois (RDAP)', template: 'https://client.rdap.org/?type=ip&object={address}', outside: true },
  { name: 'AbuseIPDB', template: 'https://www.abuseipdb.com/check/{address}', outside: true },
  {
    name: 'AWS console',
    template: 'https://console.aws.amazon.com/ec2/home#NIC:search={address}',
    outside: false,
  },
];

const HOLE = '{address}';

/** Why a look-up is invalid, as a sentence; null: it is valid. */
export function faultOf(lookup: Lookup): string | null {
  if (lookup.name.trim() === '') return 'Give it a name.';
  if (!lookup.template.includes(HOLE)) return 'Write {address} where the address goes.';
  if (urlOf(lookup.template, '192.0.2.1') === null) return 'It must begin with http:// or https://.';
  return null;
}

/** The links for an address, in their order. */
export function linksFor(
  lookups: readonly Lookup[],
  address: string,
): readonly { readonly name: string; readonly url: string }[] {
  const outside = isPublic(address);
  return lookups.flatMap((lookup) => {
    const url =
      (outside || !lookup.outside) && faultOf(lookup) === null ? urlOf(lookup.template, address) : null;
    return url === null ? [] : [{ name: lookup.name, url }];
  });
}

/** The stored look-ups; null: none, so the defaults apply. */
export function readLookups(json: unknown): readonly Lookup[] {
  if (!Array.isArray(json)) return defaultLookups;
  return json.flatMap((each: unknown) => {
    const { name, template, outside } = (each ?? {}) as Partial<Record<keyof Lookup, unknown>>;
    return typeof name === 'string' && typeof template === 'string'
      ? [{ name, template, outside: outside === true }]
      : [];
  });
}

/** The URL of an external page; null if it is not http or https. */
function urlOf(template: string, address: string): string | null {
  const text = template.trim().replaceAll(HOLE, encodeURIComponent(address));
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  return new URL(text).href;
}

function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}
