import { insideBlocks } from '../../model/catalog/inside-blocks.ts';
import { parseAddress, parseBlock } from '../../model/query/address-block.ts';

const blocks = insideBlocks.flatMap((text) => parseBlock(text) ?? []);
const four = blocks.flatMap(({ version, first, last }) =>
  version === 4 ? [{ first: Number(first), last: Number(last) }] : [],
);
const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Whether an address is one that somebody outside may have: it lies in none of the networks that are inside. */
export function isOutside(text: string): boolean {
  // Thousands of rows are measured by it: the common case is read without a library.
  const parts = dotted.exec(text);
  if (parts !== null) {
    const bytes = parts.slice(1).map(Number);
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return (
      bytes.every((byte) => byte < 256) && four.every(({ first, last }) => value < first || value > last)
    );
  }
  const address = parseAddress(text);
  return (
    address !== null &&
    blocks.every(
      ({ version, first, last }) =>
        version !== address.version || address.value < first || address.value > last,
    )
  );
}
