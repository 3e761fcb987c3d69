import ipaddr from 'ipaddr.js';
import type { FactValues } from '../model/catalog/address-facts.ts';
import type { AddressFacts } from './inventory/inventory.ts';
import { parsedAddress } from './parsed-address.ts';

/** Tags that name the service of a machine; the first one that exists counts. */
const serviceTags = ['service', 'Service', 'app', 'App', 'application', 'Application'];

/**
 * Who an address is, so that flows between hundreds of machines are those between a few parties: `auth` of `auth-1` and
 * `auth-2`; outside, the network operator.
 *
 * @param facts what the inventory says of it; null: nothing
 * @param places of an outside address: its operator and country
 */
export function partyOf(
  address: string,
  facts: Pick<AddressFacts, 'name' | 'service' | 'vpc' | 'tags'> | null,
  places: Pick<FactValues, 'as_name' | 'country'>,
): string | null {
  if (facts === null) return String(places.as_name ?? places.country ?? '') || networkOf(address);
  const tag = serviceTags.map((key) => facts.tags[key] ?? '').find((value) => value !== '');
  return tag ?? (withoutNumber(facts.name) || facts.service || facts.vpc || networkOf(address));
}

/** `auth-1` is `auth`; what is nothing but a number stays. */
function withoutNumber(name: string | null): string {
  if (name === null) return '';
  const shorter = name.replace(/[-_. ]?\d+$/, '');
  return shorter === '' ? name : shorter;
}

/** The network that an address is taken to be in: /24, of IPv6 /64; null: it is not an address. */
function networkOf(text: string): string | null {
  const address = parsedAddress(text);
  if (address === null) return null;
  if (address instanceof ipaddr.IPv4) return `${address.octets.slice(0, 3).join('.')}.0/24`;
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toRFC5952String()}/64`;
}
