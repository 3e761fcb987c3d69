import ipaddr from 'ipaddr.js';
import type { AddressBlock } from './address-block.ts';

/** Addresses of one family from one to another, both included; a block is one too. */
export type AddressRange = AddressBlock;

/** An address as text: dotted, or for IPv6 as RFC 5952 has it. */
export function addressText(version: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: version === 4 ? 4 : 16 }, (_, at) =>
    Number((value >> (8n * BigInt((version === 4 ? 3 : 15) - at))) & 255n),
  );
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The fewest blocks that hold a range and nothing else, in order; a block of one address is that address. */
export function blocksOf({ version, first, last }: AddressRange): readonly string[] {
  const bits = version === 4 ? 32 : 128;
  const blocks: string[] = [];
  for (let from = first; from <= last;) {
    let size = 1n;
    let length = bits;
    // A block begins at a multiple of its size.
    while (length > 0 && from % (size * 2n) === 0n && from + size * 2n - 1n <= last) {
      size *= 2n;
      length--;
    }
    blocks.push(addressText(version, from) + (length === bits ? '' : `/${length}`));
    from += size;
  }
  return blocks;
}
