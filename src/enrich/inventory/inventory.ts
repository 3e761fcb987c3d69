import { canonicalIpv6 } from '../../model/query/ip-address.ts';
import { interfaceService } from './interface-service.ts';
import type { ElasticItem, InstanceItem, InterfaceItem, SeenItem } from './item.ts';

/** All that an inventory knows of an address at a moment. Times are Unix seconds. */
export interface AddressFacts {
  readonly interfaceId: string | null;
  readonly name: string | null;
  readonly publicAddress: string | null;
  readonly service: string | null;
  /** The availability zone; null: not listed. */
  readonly zone: string | null;
  readonly instance: string | null;
  readonly vpc: string | null;
  readonly subnet: string | null;
  readonly account: string | null;
  readonly groups: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** When the machine was launched or the interface attached, whichever is later: it has the address since then. */
  readonly since: number | null;
  readonly sinceWhat: string | null;
}

interface Version {
  readonly facts: AddressFacts;
  readonly first: number;
  readonly last: number;
}

const HOUR = 3600;

/** The inventory of addresses over time: an address is what it was when the flow happened. */
export class Inventory {
  readonly #byAddress = new Map<string, Version[]>();
  readonly #vpcOf = new Map<string, string>();

  constructor(items: readonly SeenItem[]) {
    const instances = new Map<string, (SeenItem & { item: InstanceItem })[]>();
    const elastics = new Map<string, ElasticItem>();
    const faces: (SeenItem & { item: InterfaceItem })[] = [];
    for (const { item, first, last } of items) {
      switch (item.kind) {
        case 'interface':
          faces.push({ item, first, last });
          break;
        case 'instance':
          instances.set(item.id, [...(instances.get(item.id) ?? []), { item, first, last }]);
          break;
        case 'elastic':
          elastics.set(item.id, item);
          break;
        case 'host':
          // A name does not say who owns the address.
          break;
      }
    }
    const covered = new Set(faces.map(({ item }) => item.id));
    for (const face of faces) this.#addInterface(face, instances, elastics);
    for (const { item } of faces) if (item.vpc !== null) this.#vpcOf.set(item.id, item.vpc);
    for (const { item, first, last } of [...instances.values()].flat()) {
      for (const face of item.interfaces.filter(({ id }) => id === null || !covered.has(id))) {
        for (const { address, publicAddress } of face.addresses) {
          const facts = instanceFacts(item, face.id, publicAddress);
          this.#add(address, { facts, first, last });
          if (publicAddress !== null) this.#add(publicAddress, { facts, first, last });
        }
      }
    }
  }

  get isEmpty(): boolean {
    return this.#byAddress.size === 0;
  }

  /**
   * What an address was in the hour of a moment, as seen from an interface: its own, else the one in its VPC, else (or
   * where no interface is logged) whoever had it. What is first said of it later holds for the time before as well,
   * unless it came into being only afterwards. An hour belongs as a whole to what holds at its end, so that flows and
   * their sums by the hour say the same.
   */
  at(address: string, interfaceId: string | null, moment: number): AddressFacts | null {
    return this.#inHour(this.#versions(address, interfaceId), Math.floor(moment / HOUR));
  }

  /** The same hour by hour: in order, each until the hour before the next one's `firstHour`; the first begins at 0. */
  history(
    address: string,
    interfaceId: string | null,
  ): readonly { readonly firstHour: number; readonly facts: AddressFacts | null }[] {
    const versions = this.#versions(address, interfaceId);
    // The result of `at` can change only where something begins or was last listed.
    const hours = versions.flatMap(({ facts, last }) => {
      const lastHour = Math.floor(last / HOUR);
      return [Math.floor((facts.since ?? 0) / HOUR), lastHour, lastHour + 1];
    });
    const changes = [...new Set([0, ...hours])].toSorted((a, b) => a - b);
    const runs: { readonly firstHour: number; readonly facts: AddressFacts | null }[] = [];
    for (const firstHour of changes) {
      const facts = this.#inHour(versions, firstHour);
      if (runs.length === 0 || runs.at(-1)?.facts !== facts) runs.push({ firstHour, facts });
    }
    return runs;
  }

  /** Whether what an address is depends on the interface that meets it. */
  isShared(address: string): boolean {
    const versions = this.#of(address);
    return versions.some(({ facts }) => facts.interfaceId !== versions[0]?.facts.interfaceId);
  }

  /** The interfaces that have an address now: one for each network (VPC) that has it. */
  holders(address: string): readonly (string | null)[] {
    const all = this.#of(address);
    const networks = [...new Set(all.map(({ facts }) => facts.vpc))];
    const last = networks.map((vpc) =>
      this.#inHour(
        all.filter(({ facts }) => facts.vpc === vpc),
        Infinity,
      ),
    );
    return [...new Set(last.map((facts) => facts?.interfaceId ?? null))];
  }

  /** Every interface that ever had an address; null among them: a machine whose interface is not listed. */
  interfacesOf(address: string): readonly (string | null)[] {
    return [...new Set(this.#of(address).map(({ facts }) => facts.interfaceId))];
  }

  /** Every private address that an interface ever had. */
  addressesOf(interfaceId: string): readonly string[] {
    return [...this.#byAddress].flatMap(([address, versions]) =>
      versions.some(({ facts }) => facts.interfaceId === interfaceId && facts.publicAddress !== address)
        ? [address]
        : [],
    );
  }

  has(address: string): boolean {
    return this.#byAddress.has(address);
  }

  /** The addresses that the inventory has facts about. */
  addresses(): readonly string[] {
    return [...this.#byAddress.keys()];
  }

  #of(address: string): readonly Version[] {
    return this.#byAddress.get(address) ?? [];
  }

  #versions(address: string, interfaceId: string | null): readonly Version[] {
    const all = this.#of(address);
    if (interfaceId === null || all.length < 2) return all;
    const own = all.filter(({ facts }) => facts.interfaceId === interfaceId);
    if (own.length > 0) return own;
    const vpc = this.#vpcOf.get(interfaceId);
    const near = vpc === undefined ? [] : all.filter(({ facts }) => facts.vpc === vpc);
    return near.length > 0 ? near : all;
  }

  #inHour(versions: readonly Version[], hour: number): AddressFacts | null {
    if (versions.length === 0) return null;
    const moment = hour * HOUR + HOUR - 1;
    const there = versions.filter(({ facts }) => facts.since === null || facts.since <= moment);
    const pool = there.length > 0 ? there : versions;
    const after = pool
      .filter(({ last }) => last >= moment)
      .toSorted((a, b) => a.first - b.first || b.last - a.last)[0];
    const before = pool.toSorted((a, b) => b.last - a.last)[0];
    return (after ?? before)?.facts ?? null;
  }

  #addInterface(
    { item, first, last }: SeenItem & { item: InterfaceItem },
    instances: ReadonlyMap<string, readonly (SeenItem & { item: InstanceItem })[]>,
    elastics: ReadonlyMap<string, ElasticItem>,
  ): void {
    const versions = item.instance === null ? [] : (instances.get(item.instance) ?? []);
    const instance = (versions.find((one) => one.last >= first) ?? versions.at(-1))?.item ?? null;
    const known = interfaceService(item);
    const since = latest(instance?.launched ?? null, item.attached);
    for (const { address, publicAddress } of item.addresses) {
      const elastic = publicAddress === null ? undefined : elastics.get(publicAddress);
      const facts: AddressFacts = {
        interfaceId: item.id,
        name: instance?.name ?? item.name ?? elastic?.name ?? known?.name ?? null,
        publicAddress,
        service: known?.service ?? null,
        zone: item.zone,
        instance: item.instance,
        vpc: item.vpc,
        subnet: item.subnet,
        account: item.account,
        groups: item.groups,
        tags: { ...item.tags, ...instance?.tags },
        ...since,
      };
      this.#add(address, { facts, first, last });
      if (publicAddress !== null) this.#add(publicAddress, { facts, first, last });
    }
  }

  #add(text: string, version: Version): void {
    const address = canonical(text);
    const list = this.#byAddress.get(address);
    if (list === undefined) this.#byAddress.set(address, [version]);
    else list.push(version);
  }
}

/** As logs are decoded; what is no IPv6 address stays as it is. */
function canonical(text: string): string {
  return canonicalIpv6(text) ?? text;
}

function instanceFacts(
  item: InstanceItem,
  interfaceId: string | null,
  publicAddress: string | null,
): AddressFacts {
  return {
    interfaceId,
    name: item.name,
    publicAddress,
    service: 'instance',
    zone: null,
    instance: item.id,
    vpc: item.vpc,
    subnet: item.subnet,
    account: item.account,
    groups: item.groups,
    tags: item.tags,
    ...latest(item.launched, null),
  };
}

function latest(
  launched: number | null,
  attached: number | null,
): { readonly since: number | null; readonly sinceWhat: string | null } {
  if (launched === null && attached === null) return { since: null, sinceWhat: null };
  return attached !== null && attached > (launched ?? 0)
    ? { since: attached, sinceWhat: 'its interface was attached' }
    : { since: launched, sinceWhat: 'its machine was launched' };
}
