/** A private address of an interface, and the public one that stands for it outside. */
export interface BoundAddress {
  readonly address: string;
  readonly publicAddress: string | null;
}

/** A network interface, as DescribeNetworkInterfaces knows it. Times are Unix seconds. */
export interface InterfaceItem {
  readonly kind: 'interface';
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  /** `interface`, `lambda`, `natGateway`, … */
  readonly type: string | null;
  readonly requester: string | null;
  readonly instance: string | null;
  readonly attached: number | null;
  readonly addresses: readonly BoundAddress[];
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly zone: string | null;
  readonly account: string | null;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An instance, as DescribeInstances knows it. */
export interface InstanceItem {
  readonly kind: 'instance';
  readonly id: string;
  readonly name: string | null;
  readonly type: string | null;
  readonly launched: number | null;
  /** Its interfaces with their addresses: enough where the interfaces themselves were not imported. */
  readonly interfaces: readonly { readonly id: string | null; readonly addresses: readonly BoundAddress[] }[];
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly account: string | null;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** An elastic address, as DescribeAddresses knows it; its id is the public address. */
export interface ElasticItem {
  readonly kind: 'elastic';
  readonly id: string;
  readonly name: string | null;
  readonly allocation: string | null;
  readonly interface: string | null;
  readonly instance: string | null;
  readonly address: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** The name of an address, anybody's, as a hosts file has it; its id is the address. */
export interface HostItem {
  readonly kind: 'host';
  readonly id: string;
  readonly name: string;
}

export type InventoryItem = InterfaceItem | InstanceItem | ElasticItem | HostItem;

/** An item with the first and the last moment (Unix seconds) at which an import said exactly this of it. */
export interface SeenItem {
  readonly item: InventoryItem;
  readonly first: number;
  readonly last: number;
}

/** A block of addresses that a cloud publishes, and what it serves. */
export interface CloudRange {
  readonly prefix: string;
  readonly service: string;
  readonly region: string;
}
