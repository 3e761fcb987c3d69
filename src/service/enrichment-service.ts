import type { FlowStore } from '../engine/flow-store.ts';
import { CloudRanges } from '../enrich/aws/cloud-ranges.ts';
import { currentNames } from '../enrich/current-names.ts';
import { Places } from '../enrich/geo/outside-places.ts';
import { HostNames } from '../enrich/inventory/host-names.ts';
import { Inventory } from '../enrich/inventory/inventory.ts';
import type { InventoryItem } from '../enrich/inventory/item.ts';
import { type AddressSources, createEnrichment } from '../enrich/enrichment.ts';
import { portName } from '../enrich/port-names.ts';
import type { InvestigationEnrichment, OwnAddress } from '../investigate/investigation-enrichment.ts';
import type { Enrichment } from '../model/catalog/address-facts.ts';

/** The facts about addresses at one revision of their sources, for the engine and for investigations. */
export interface EnrichmentSnapshot {
  readonly addresses: Enrichment;
  readonly investigation: InvestigationEnrichment;
  readonly inventory: Inventory;
  readonly hosts: HostNames;
  /** Addresses that have a name now. */
  readonly names: () => readonly (readonly [address: string, name: string])[];
}

/**
 * Facts about addresses: from the store's current inventory, and from the databases that are included or that
 * `PEEPHOLE_MMDB` names. Reloaded when one of them has changed.
 */
export class EnrichmentService {
  readonly #store: Pick<FlowStore, 'inventory' | 'inventoryRevision'>;
  #places: Places | null = null;
  #snapshot: EnrichmentSnapshot | null = null;
  #reading: Promise<EnrichmentSnapshot> | null = null;

  constructor(store: Pick<FlowStore, 'inventory' | 'inventoryRevision'>) {
    this.#store = store;
  }

  async now(): Promise<EnrichmentSnapshot> {
    const own = (process.env['PEEPHOLE_MMDB'] ?? '').split(',').filter((path) => path !== '');
    const revision = `${this.#store.inventoryRevision} ${Places.revisionOf(own)}`;
    if (this.#snapshot?.addresses.revision === revision) return this.#snapshot;
    this.#reading ??= this.#read(own, revision).finally(() => (this.#reading = null));
    this.#snapshot = await this.#reading;
    return this.#snapshot;
  }

  async #read(own: readonly string[], revision: string): Promise<EnrichmentSnapshot> {
    if (this.#places?.revision !== Places.revisionOf(own)) this.#places = await Places.open(own);
    const places = this.#places;
    const { items, ranges } = await this.#store.inventory();
    const seen = items.map(({ facts, first, last }) => ({
      item: JSON.parse(facts) as InventoryItem,
      first,
      last,
    }));
    const inventory = new Inventory(seen);
    const hosts = new HostNames(seen);
    const clouds = new CloudRanges(ranges);
    let names: ReturnType<EnrichmentSnapshot['names']> | null = null;
    return {
      addresses: createEnrichment({ inventory, hosts, clouds, places }, revision),
      investigation: investigationEnrichment({ inventory, hosts, clouds, places }),
      inventory,
      hosts,
      names: () => (names ??= currentNames(inventory, hosts)),
    };
  }
}

/** What is known of an address that only a hosts file has. */
const nothingButName: OwnAddress = {
  name: null,
  publicAddress: null,
  interfaceId: null,
  service: null,
  since: null,
  sinceWhat: null,
};

function investigationEnrichment({
  inventory,
  hosts,
  clouds,
  places,
}: AddressSources): InvestigationEnrichment {
  return {
    ownAddress: (address, interfaceId, moment) => {
      const facts = inventory.at(address, interfaceId, moment);
      const name = facts?.name ?? hosts.of(address);
      return facts === null ? (name === null ? null : { ...nothingButName, name }) : { ...facts, name };
    },
    ownAddresses: () => inventory.addresses(),
    outsideAddress: (address) => {
      const ours = inventory.at(address, null, 0);
      const cloud = clouds.of(address);
      const operator = places.operator(address);
      const service = cloud === null ? null : `AWS ${cloud.service} ${cloud.region}`;
      return {
        name: ours?.name ?? hosts.of(address) ?? service,
        country: places.country(address),
        asn: operator?.number ?? null,
        asName: operator?.name ?? null,
      };
    },
    portName,
  };
}
