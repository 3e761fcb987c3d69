import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseBlock } from './address-block.ts';
import { addressText, blocksOf } from './address-range.ts';

const range = (from: string, to: string): readonly string[] => {
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first === null || last === null) throw new Error('No addresses.');
  return blocksOf({ version: first.version, first: first.value, last: last.value });
};

describe('a range of addresses as blocks', () => {
  it('is the fewest of them', () => {
    expect(range('10.0.0.0', '10.0.0.255')).toEqual(['10.0.0.0/24']);
    expect(range('10.0.0.1', '10.0.0.1')).toEqual(['10.0.0.1']);
    expect(range('10.0.0.1', '10.0.0.6')).toEqual(['10.0.0.1', '10.0.0.2/31', '10.0.0.4/31', '10.0.0.6']);
    expect(range('0.0.0.0', '255.255.255.255')).toEqual(['0.0.0.0/0']);
    expect(range('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')).toEqual(['::/0']);
    expect(range('2001:db8::', '2001:db8::1:0')).toEqual(['2001:db8::/112', '2001:db8::1:0']);
  });

  it('holds every address of it, and no other', () => {
    const ends = (max: bigint): fc.Arbitrary<readonly [bigint, bigint]> =>
      fc.tuple(fc.bigInt(0n, max), fc.bigInt(0n, max)).map(([a, b]) => (a < b ? [a, b] : [b, a]));
    const any = fc.oneof(
      fc.record({ version: fc.constant(4 as const), ends: ends(2n ** 32n - 1n) }),
      fc.record({ version: fc.constant(6 as const), ends: ends(2n ** 128n - 1n) }),
    );
    fc.assert(
      fc.property(any, ({ version, ends: [first, last] }) => {
        let next = first;
        for (const text of blocksOf({ version, first, last })) {
          const block = parseBlock(text);
          expect(block?.version).toBe(version);
          // One after the other, without holes.
          expect(block?.first).toBe(next);
          next = (block?.last ?? 0n) + 1n;
        }
        expect(next).toBe(last + 1n);
      }),
    );
  });

  it('addresses are text that reads back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), fc.boolean(), (number, four) => {
        const [version, value] = four ? ([4, number % 2n ** 32n] as const) : ([6, number] as const);
        expect(parseAddress(addressText(version, value))).toEqual({ version, value });
      }),
    );
    expect(addressText(6, 1n)).toBe('::1');
    expect(addressText(4, 0n)).toBe('0.0.0.0');
  });
});
