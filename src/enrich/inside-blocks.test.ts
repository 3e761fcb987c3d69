import fc from 'fast-check';
import { expect, test } from 'vitest';
import { insideBlocks } from '../model/catalog/inside-blocks.ts';
import { parseAddress, parseBlock } from '../model/query/address-block.ts';
import { addressText } from '../model/query/address-range.ts';
import { createEnrichment } from './enrichment.ts';
import { CloudRanges } from './aws/cloud-ranges.ts';
import { HostNames } from './inventory/host-names.ts';
import { Inventory } from './inventory/inventory.ts';

test('the networks that are inside are those whose addresses are, where no inventory says more', () => {
  const enrichment = createEnrichment(
    {
      inventory: new Inventory([]),
      hosts: new HostNames([]),
      clouds: new CloudRanges([]),
      places: { country: () => null, operator: () => null },
    },
    'a test',
  );
  const blocks = insideBlocks.flatMap((text) => parseBlock(text) ?? []);
  expect(blocks).toHaveLength(insideBlocks.length);
  const edges = blocks.flatMap(({ version, first, last }) =>
    [first - 1n, first, last, last + 1n].flatMap((value) =>
      value < 0n || value >= 1n << (version === 4 ? 32n : 128n) ? [] : addressText(version, value),
    ),
  );
  const isIn = (text: string): boolean => {
    const address = parseAddress(text);
    return blocks.some(
      ({ version, first, last }) =>
        address?.version === version && address.value >= first && address.value <= last,
    );
  };
  for (const edge of edges) expect([edge, isIn(edge)]).toEqual([edge, enrichment.isInside(edge)]);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      expect(isIn(address)).toBe(enrichment.isInside(address));
    }),
  );
});
