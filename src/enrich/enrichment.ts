import {
  type Enrichment,
  type FactValues,
  type TimeBoundFacts,
  LAST_HOUR,
} from '../model/catalog/address-facts.ts';
import { addressKind } from './address-kind.ts';
import type { CloudRanges } from './aws/cloud-ranges.ts';
import type { Places } from './geo/outside-places.ts';
import type { HostNames } from './inventory/host-names.ts';
import type { AddressFacts, Inventory } from './inventory/inventory.ts';
import { partyOf } from './party.ts';
import { portName } from './port-names.ts';

/** Kinds of addresses that never leave a network. */
const inside: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'link-local',
  'carrier-grade NAT',
  'multicast',
  'broadcast',
  'unspecified',
]);

/** Where facts about addresses come from. */
export interface AddressSources {
  readonly inventory: Inventory;
  readonly hosts: HostNames;
  readonly clouds: CloudRanges;
  readonly places: Pick<Places, 'country' | 'operator'>;
}

/** Facts about addresses from all sources, for the engine. `revision` changes with any of them. */
export function createEnrichment(
  { inventory, hosts, clouds, places }: AddressSources,
  revision: string,
): Enrichment {
  // Both kinds of facts are requested for the same address, one after the other.
  let last: { readonly address: string; readonly facts: FactValues } | null = null;
  const fixed = (address: string): FactValues => {
    if (last?.address !== address) last = { address, facts: staticFacts(address, clouds, places) };
    return last.facts;
  };
  return {
    revision,
    staticFacts: fixed,
    timeBoundFacts: (address, interfaceId) =>
      timeBoundFacts(inventory, hosts, address, interfaceId, (facts) =>
        partyOf(address, facts, facts === null ? fixed(address) : {}),
      ),
    dependsOnInterface: (address) => inventory.isShared(address),
    isInside: (address) => inside.has(addressKind(address) ?? '') || inventory.has(address),
    has: (source) =>
      source === 'inventory'
        ? !inventory.isEmpty || !hosts.isEmpty
        : source === 'ranges'
          ? !clouds.isEmpty
          : true,
    portName,
  };
}

function staticFacts(
  address: string,
  clouds: Pick<CloudRanges, 'of'>,
  places: Pick<Places, 'country' | 'operator'>,
): FactValues {
  const kind = addressKind(address);
  if (kind !== 'public') return { kind };
  const operator = places.operator(address);
  const range = clouds.of(address);
  return {
    kind,
    country: places.country(address),
    asn: operator?.number ?? null,
    as_name: operator?.name ?? null,
    // The only cloud whose ranges are imported.
    cloud: range === null ? null : 'AWS',
    cloud_service: range?.service ?? null,
    cloud_region: range?.region ?? null,
  };
}

/** Ranges of hours; adjacent ones with the same facts are merged. */
function timeBoundFacts(
  inventory: Inventory,
  hosts: HostNames,
  address: string,
  interfaceId: string | null,
  party: (facts: AddressFacts | null) => string | null,
): readonly TimeBoundFacts[] {
  const host = hosts.of(address);
  const named = host === null ? {} : { name: host };
  if (!inventory.has(address))
    return [{ firstHour: 0, lastHour: LAST_HOUR, facts: { ...named, party: party(null) } }];
  const runs: TimeBoundFacts[] = [];
  let before = '';
  for (const { firstHour, facts } of inventory.history(address, interfaceId)) {
    const values = {
      ...(facts === null ? {} : valuesOf(facts)),
      ...(facts?.name == null ? named : {}),
      party: party(facts),
    };
    const same = JSON.stringify(values);
    const last = runs.at(-1);
    if (last !== undefined)
      runs[runs.length - 1] = { ...last, lastHour: same === before ? LAST_HOUR : firstHour - 1 };
    if (last === undefined || same !== before) runs.push({ firstHour, lastHour: LAST_HOUR, facts: values });
    before = same;
  }
  return runs;
}

function valuesOf(facts: AddressFacts): FactValues {
  const tags = Object.entries(facts.tags).map(([key, value]) => `${key}=${value}`);
  return {
    name: facts.name,
    service: facts.service,
    instance: facts.instance,
    public_address: facts.publicAddress,
    vpc: facts.vpc,
    security_groups: listed(facts.groups),
    tags: listed(tags),
  };
}

/** In order, so that the same things are one value; nothing is null. */
function listed(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.toSorted().join(', ');
}
