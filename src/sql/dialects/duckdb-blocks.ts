import type { AddressBlock } from '../../model/query/address-block.ts';
import type { Binder } from '../binder.ts';
import { IPV6_BASE } from './duckdb-layout.ts';

type Range = readonly [first: bigint, last: bigint];

const HALF = 2n ** 64n;

/** The ranges that blocks of one family cover, in order, touching ones made one. */
export function mergeBlocks(blocks: readonly AddressBlock[], version: 4 | 6): readonly Range[] {
  const ordered = blocks
    .filter((block) => block.version === version)
    .toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: [bigint, bigint][] = [];
  for (const { first, last } of ordered) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1n) {
      if (last > before[1]) before[1] = last;
    } else {
      merged.push([first, last]);
    }
  }
  return merged;
}

/** IPv6 keys are dictionary entries; their two halves say where they lie. */
export function ipv6In(column: string, ranges: readonly Range[], binder: Binder): string {
  const half = (value: bigint): string => binder.bind(value, 'UBIGINT');
  const tests = ranges.map(([first, last]) => {
    const [high, low] = [first / HALF, first % HALF];
    const [highest, lowest] = [last / HALF, last % HALF];
    if (high === highest) return `(high = ${half(high)} AND low BETWEEN ${half(low)} AND ${half(lowest)})`;
    // Merged blocks can begin and end within a half.
    return (
      `((high > ${half(high)} OR (high = ${half(high)} AND low >= ${half(low)}))` +
      ` AND (high < ${half(highest)} OR (high = ${half(highest)} AND low <= ${half(lowest)})))`
    );
  });
  return `${column} IN (SELECT ${IPV6_BASE} + id FROM dictionary WHERE ${tests.join(' OR ')})`;
}

/** Alternatives; none: false. */
export function joined(tests: readonly string[]): string {
  if (tests.length === 0) return 'FALSE';
  return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' OR ')})`;
}
