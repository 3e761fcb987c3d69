import ipaddr from 'ipaddr.js';
import type { CloudRange } from '../inventory/item.ts';
import { parsedAddress } from '../parsed-address.ts';

/** Finds the published block of a cloud that holds an address: of the most specific service, the smallest block. */
export class CloudRanges {
  /** By family and prefix length, blocks by the bytes of their first address. */
  readonly #blocks = new Map<string, Map<string, CloudRange>>();
  /** The longest first. */
  readonly #lengths: Readonly<Record<'ipv4' | 'ipv6', readonly number[]>>;

  constructor(ranges: readonly CloudRange[]) {
    const lengths = { ipv4: new Set<number>(), ipv6: new Set<number>() };
    for (const range of ranges) {
      if (!ipaddr.isValidCIDR(range.prefix)) continue;
      const [address, length] = ipaddr.parseCIDR(range.prefix);
      const key = `${address.kind()}/${length}`;
      const blocks = this.#blocks.get(key) ?? new Map<string, CloudRange>();
      const first = firstOf(address, length);
      const other = blocks.get(first);
      // AMAZON has all blocks; any other service of a block is more specific.
      if (other === undefined || other.service === 'AMAZON') blocks.set(first, range);
      this.#blocks.set(key, blocks);
      lengths[address.kind()].add(length);
    }
    const sorted = (kind: 'ipv4' | 'ipv6'): readonly number[] => [...lengths[kind]].toSorted((a, b) => b - a);
    this.#lengths = { ipv4: sorted('ipv4'), ipv6: sorted('ipv6') };
  }

  get isEmpty(): boolean {
    return this.#blocks.size === 0;
  }

  /** Null if no block holds it, or it is not an address. */
  of(text: string): CloudRange | null {
    const address = this.isEmpty ? null : parsedAddress(text);
    if (address === null) return null;
    const kind = address.kind();
    let general: CloudRange | null = null;
    for (const length of this.#lengths[kind]) {
      const found = this.#blocks.get(`${kind}/${length}`)?.get(firstOf(address, length));
      if (found !== undefined && found.service !== 'AMAZON') return found;
      general ??= found ?? null;
    }
    return general;
  }
}

function firstOf(address: ipaddr.IPv4 | ipaddr.IPv6, length: number): string {
  return masked(address.toByteArray(), length).join('.');
}

function masked(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, index) => {
    const bits = Math.max(0, Math.min(8, length - index * 8));
    return byte & (0xff00 >> bits) & 0xff;
  });
}
