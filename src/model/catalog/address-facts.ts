import type { FieldType } from './field.ts';

/** Where a fact comes from. */
export type FactSource = 'inventory' | 'ranges' | 'databases';

interface FactRow {
  readonly type: FieldType;
  /** Whether it can change over time or differ between networks, as what an inventory says does; else it is static. */
  readonly timeBound: boolean;
  readonly from: FactSource;
  readonly label: string;
  readonly about: string;
}

const U32 = 4_294_967_295;

/** THE table of facts that an address can be enriched with. Labels follow `Source` and `Dest`. */
// prettier-ignore
const rows = {
  name:            { type: 'text', timeBound: true, from: 'inventory', label: 'name', about: 'The name of the machine or interface, by the inventory' },
  service:         { type: 'text', timeBound: true, from: 'inventory', label: 'service', about: 'What the interface belongs to, by the inventory: load balancer, NAT gateway, Lambda function, …' },
  instance:        { type: 'text', timeBound: true, from: 'inventory', label: 'instance', about: 'The instance, by the inventory' },
  public_address:  { type: 'address', timeBound: true, from: 'inventory', label: 'public address', about: 'The public address that stands for it outside, by the inventory' },
  vpc:             { type: 'text', timeBound: true, from: 'inventory', label: 'VPC', about: 'The VPC, by the inventory' },
  security_groups: { type: 'text', timeBound: true, from: 'inventory', label: 'security groups', about: 'The security groups, by the inventory, with commas between' },
  tags:            { type: 'text', timeBound: true, from: 'inventory', label: 'tags', about: 'The tags, by the inventory: key=value, with commas between' },
  party:           { type: 'text', timeBound: true, from: 'databases', label: 'party', about: 'Who it is. Inside: the tag service or app, else the name without a number at its end, else the service, the VPC, the network (/24, IPv6 /64). Outside: the network operator, else the country, else the network' },
  country:         { type: 'text', timeBound: false, from: 'databases', label: 'country', about: 'The country of a public address: ISO 3166-1, two letters' },
  asn:             { type: 'integer', timeBound: false, from: 'databases', label: 'AS number', about: 'The number of the network operator (autonomous system) of a public address' },
  as_name:         { type: 'text', timeBound: false, from: 'databases', label: 'operator', about: 'The network operator (autonomous system) of a public address' },
  cloud:           { type: 'text', timeBound: false, from: 'ranges', label: 'cloud', about: 'The cloud whose published ranges hold the address' },
  cloud_service:   { type: 'text', timeBound: false, from: 'ranges', label: 'cloud service', about: 'The service whose published range holds the address' },
  cloud_region:    { type: 'text', timeBound: false, from: 'ranges', label: 'cloud region', about: 'The region of the published range that holds the address' },
  kind:            { type: 'text', timeBound: false, from: 'databases', label: 'kind', about: 'public, private, loopback, link-local, multicast, carrier-grade NAT, documentation, …' },
} as const satisfies Readonly<Record<string, FactRow>>;

export type AddressFact = keyof typeof rows;

/** A fact that an address can be enriched with. */
export interface AddressFactInfo extends FactRow {
  readonly name: AddressFact;
  /** Whole numbers: the largest. */
  readonly max: number | null;
}

/** Every fact, in the order in which tables list them. */
export const addressFacts: readonly AddressFactInfo[] = (Object.keys(rows) as AddressFact[]).map((name) => ({
  name,
  ...rows[name],
  max: rows[name].type === 'integer' ? U32 : null,
}));

/** Values of facts; absent or null: unknown. Addresses are canonical text. */
export type FactValues = Readonly<Partial<Record<AddressFact, string | number | null>>>;

/** Time-bound facts of an address and the hours for which they are valid (since 1970 UTC, both inclusive). */
export interface TimeBoundFacts {
  readonly firstHour: number;
  readonly lastHour: number;
  readonly facts: FactValues;
}

/** Looks up facts about addresses and ports for the engine: once per address, never once per flow. */
export interface Enrichment {
  /** Changes whenever any answer may have changed. */
  readonly revision: string;
  /** Facts that depend on the address alone. */
  staticFacts(address: string): FactValues;
  /** Facts by hours, in order and without gaps: as seen from an interface, or (null) where none is logged. */
  timeBoundFacts(address: string, interfaceId: string | null): readonly TimeBoundFacts[];
  /** Whether `timeBoundFacts` depends on the interface. */
  dependsOnInterface(address: string): boolean;
  /** Whether an address is one of yours, or never leaves your networks. */
  isInside(address: string): boolean;
  /** Whether a source has any facts. */
  has(source: FactSource): boolean;
  /** The name under which a port is registered; null if it has none. */
  portName(protocol: number, port: number): string | null;
}

/** The last hour there is: flows without a start count as being in it. */
export const LAST_HOUR = 1_193_046;
