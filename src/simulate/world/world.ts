import { Random } from '../random.ts';
import { AddressBook } from './address-book.ts';
import { hosts, type HostKind, type Role } from './hosts.ts';
import { REGION, subnetPlaces, type Network, type Subnet } from './networks.ts';

/** A network interface of ours and what it belongs to. */
export interface Interface {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly kind: HostKind;
  readonly subnet: Subnet;
  readonly privateAddress: string;
  readonly publicAddress: string | null;
  readonly ipv6Address: string | null;
  readonly instanceId: string | null;
  readonly idle: boolean;
}

/**
 * The company's networks and hosts. Interfaces and addresses are numbers in the hot path:
 * places in `interfaces`, `address` and `addresses`.
 */
export interface World {
  readonly networks: readonly Network[];
  readonly interfaces: readonly Interface[];
  readonly addresses: AddressBook;
  /** Per interface: its private IPv4 address, its IPv6 address (or the IPv4 one), its network. */
  readonly address: Int32Array;
  readonly address6: Int32Array;
  readonly network: Uint8Array;
  /** Interfaces with a public address: where strangers can knock. */
  readonly reachable: readonly number[];
  /** The machine that the persistent strangers of the story try to reach. */
  readonly target: number;
  byRole(role: Role): readonly number[];
}

/** The whole of the story's machine: `metrics-collector-3`, whose public address begins 54.172. */
const TARGET_NAME = 'metrics-collector-3';

/** Builds the company of a seed. */
export function buildWorld(seed: string): World {
  const random = new Random(seed, 'world');
  const addresses = new AddressBook();
  const networks = buildNetworks(random);
  const subnets = buildSubnets(random);
  const interfaces = buildInterfaces(random, addresses, subnets);

  const roles = new Map<Role, number[]>();
  interfaces.forEach((one, index) => roles.set(one.role, [...(roles.get(one.role) ?? []), index]));
  const address = Int32Array.from(interfaces, (one) => addresses.add(one.privateAddress));
  const address6 = Int32Array.from(interfaces, (one) => addresses.add(one.ipv6Address ?? one.privateAddress));
  return {
    networks,
    interfaces,
    addresses,
    address,
    address6,
    network: Uint8Array.from(interfaces, (one) => one.subnet.network),
    reachable: interfaces.flatMap((one, index) => (one.publicAddress === null ? [] : [index])),
    target: interfaces.findIndex((one) => one.name === TARGET_NAME),
    byRole: (role) => roles.get(role) ?? [],
  };
}

function buildNetworks(random: Random): Network[] {
  const account = (): string =>
    String(random.between(1_000_000, 9_999_999)).padEnd(12, String(random.between(10_000, 99_999)));
  return [
    {
      name: 'product',
      accountId: account(),
      vpcId: `vpc-0${random.hex(16)}`,
      flowLogId: `fl-0${random.hex(16)}`,
      windowMinutes: 1,
    },
    {
      name: 'data',
      accountId: account(),
      vpcId: `vpc-0${random.hex(16)}`,
      flowLogId: `fl-0${random.hex(16)}`,
      windowMinutes: 10,
    },
  ];
}

function buildSubnets(random: Random): Map<string, Subnet> {
  return new Map(
    subnetPlaces.map((place) => [
      place.name,
      {
        name: place.name,
        subnetId: `subnet-0${random.hex(16)}`,
        network: place.network,
        prefix: place.prefix,
        zone: `${REGION}${place.zone}`,
        zoneId: place.zone === 'a' ? 'use1-az1' : 'use1-az4',
      },
    ]),
  );
}

function buildInterfaces(random: Random, addresses: AddressBook, subnets: Map<string, Subnet>): Interface[] {
  const interfaces: Interface[] = [];
  for (const spec of hosts) {
    for (let i = 0; i < spec.count; i++) {
      const name = spec.names?.[i] ?? `${spec.role}-${i + 1}`;
      const subnet = subnets.get(spec.subnets[i % spec.subnets.length] as string) as Subnet;
      let privateAddress: string;
      do privateAddress = `${subnet.prefix}.${random.between(10, 250)}`;
      while (addresses.has(privateAddress));
      addresses.add(privateAddress);
      const prefix =
        name === TARGET_NAME ? '54.172' : random.pick(['3.86', '18.208', '34.201', '52.90', '54.88']);
      // The book of addresses keeps public ones from being given twice; logs never show them.
      const publicAddress = spec.reachable ? addresses.text(addresses.publicV4(random, 0, prefix)) : null;
      interfaces.push({
        id: `eni-0${random.hex(16)}`,
        name,
        role: spec.role,
        kind: spec.kind,
        subnet,
        privateAddress,
        publicAddress,
        ipv6Address: spec.dualStack === true ? addresses.text(addresses.publicV6(random)) : null,
        instanceId: spec.kind === 'instance' ? `i-0${random.hex(16)}` : null,
        idle: spec.idle ?? false,
      });
    }
  }
  return interfaces;
}
