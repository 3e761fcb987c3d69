import type { HostNames } from './inventory/host-names.ts';
import type { Inventory } from './inventory/inventory.ts';

/** Every address that has a name now, with it; where several machines have the address, with all their names. */
export function currentNames(
  inventory: Inventory,
  hosts: HostNames,
): readonly (readonly [address: string, name: string])[] {
  const named = inventory.addresses().flatMap((address) => {
    const names = inventory.holders(address).flatMap((interfaceId) => {
      const name = inventory.at(address, interfaceId, Infinity)?.name ?? null;
      return name === null ? [] : [name];
    });
    return names.length === 0 ? [] : [[address, [...new Set(names)].join(' / ')] as const];
  });
  const known = new Set(named.map(([address]) => address));
  return [...named, ...[...hosts.all()].filter(([address]) => !known.has(address))];
}
