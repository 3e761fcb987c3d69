import type { FieldType } from './field.ts';

/** Where a fact comes from. */
export type FactSource = 'inventory' | 'ranges' | 'databases';

interface FactRow {
  readonly type: FieldType;
  /** Whether an address may lose it to another, or have another in another network: what an inventory says. */
  readonly held: boolean;
  readonly from: FactSource;
  readonly label: string;
  readonly about: string;
}

const U32 = 4_294_967_295;

/** THE table of what can be known of an address. Labels follow `Source` and `Dest`. */
// prettier-ignore
const rows = {
  name:            { type: 'text', held: true, from: 'inventory', label: 'name', about: 'The name of the machine or interface, by the inventory' },
  service:         { type: 'text', held: true, from: 'inventory', label: 'service', about: 'What the interface belongs to, by the inventory: load balancer, NAT gateway, Lambda function, …' },
  instance:        { type: 'text', held: true, from: 'inventory', label: 'instance', about: 'The instance, by the inventory' },
  public_address:  { type: 'address', held: true, from: 'inventory', label: 'public address', about: 'The public address that stands for it outside, by the inventory' },
  vpc:             { type: 'text', held: true, from: 'inventory', label: 'VPC', about: 'The VPC, by the inventory' },
  security_groups: { type: 'text', held: true, from: 'inventory', label: 'security groups', about: 'The security groups, by the inventory, with commas between' },
  tags:            { type: 'text', held: true, from: 'inventory', label: 'tags', about: 'The tags, by the inventory: key=value, with commas between' },
  country:         { type: 'text', held: false, from: 'databases', label: 'country', about: 'The country of a public address: ISO 3166-1, two letters' },
  asn:             { type: 'integer', held: false, from: 'databases', label: 'AS number', about: 'The number of the network operator (autonomous system) of a public address' },
  as_name:         { type: 'text', held: false, from: 'databases', label: 'operator', about: 'The network operator (autonomous system) of a public address' },
  cloud:           { type: 'text', held: false, from: 'ranges', label: 'cloud', about: 'The cloud whose published ranges hold the address' },
  cloud_service:   { type: 'text', held: false, from: 'ranges', label: 'cloud service', about: 'The service whose published range holds the address' },
  cloud_region:    { type: 'text', held: false, from: 'ranges', label: 'cloud region', about: 'The region of the published range that holds the address' },
  kind:            { type: 'text', held: false, from: 'databases', label: 'kind', about: 'public, private, loopback, link-local, multicast, carrier-grade NAT, documentation, …' },
} as const satisfies Readonly<Record<string, FactRow>>;

export type AddressFact = keyof typeof rows;

/** One thing that can be known of an address. */
export interface AddressFactInfo extends FactRow {
  readonly name: AddressFact;
  /** Whole numbers: the largest. */
  readonly max: number | null;
}

/** Everything that can be known of an address. */
export const addressFacts: readonly AddressFactInfo[] = (Object.keys(rows) as AddressFact[]).map((name) => ({
  name,
  ...rows[name],
  max: rows[name].type === 'integer' ? U32 : null,
}));

/** Values of facts; what is absent or null is not known. Addresses are canonical text. */
export type FactValues = Readonly<Partial<Record<AddressFact, string | number | null>>>;

/** What holds of an address from an hour to an hour (since 1970 UTC, both inclusive). */
export interface HeldFacts {
  readonly firstHour: number;
  readonly lastHour: number;
  readonly facts: FactValues;
}

/**
 * Whom the engine asks what addresses and ports are: once an address, never once a flow.
 */
export interface AddressKnowledge {
  /** Changes whenever any answer may have changed. */
  readonly revision: string;
  /** What holds whenever and wherever the address is met. */
  lasting(address: string): FactValues;
  /** What an address was, hour by hour: as flows of an interface met it, or (null) of no known one. In order, without gaps. */
  held(address: string, interfaceId: string | null): readonly HeldFacts[];
  /** Whether `held` depends on the interface. */
  dependsOnInterface(address: string): boolean;
  /** Whether an address is one of yours, or never leaves your networks. */
  isInside(address: string): boolean;
  /** Whether anything is known from there. */
  has(source: FactSource): boolean;
  /** The name under which a port is registered; null if it has none. */
  portName(protocol: number, port: number): string | null;
}

/** The last hour there is: flows without a start are met in it. */
export const LAST_HOUR = 1_193_046;
