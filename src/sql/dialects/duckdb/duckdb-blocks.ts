import { type AddressBlock, parseAddress } from '../../../model/query/address-block.ts';
import type { Binder } from '../../binder.ts';
import { IPV6_BASE } from './duckdb-layout.ts';
import { type Range, inList, isFew, inRanges, anyOf } from './duckdb-lists.ts';

const HALF = 2n ** 64n;

export function addressIsOneOf(column: string, texts: readonly string[], binder: Binder): string {
  const addresses = texts.flatMap((text) => parseAddress(text) ?? []);
  const four = addresses.flatMap(({ version, value }) => (version === 4 ? [value] : []));
  const six = addresses.map(({ version, value }) => ({ version, first: value, last: value }));
  return anyOf([
    ...(four.length === 0 ? [] : [inList(column, four, 'BIGINT', binder)]),
    ...ipv6In(column, mergeBlocks(six, 6), binder),
  ]);
}

/** `rows()` holds every value of the column that matters. */
export function inBlocks(
  column: string,
  blocks: readonly AddressBlock[],
  rows: () => string,
  binder: Binder,
): string {
  const four = mergeBlocks(blocks, 4);
  const single = four.filter(([first, last]) => first === last).map(([first]) => first);
  const wide = four.filter(([first, last]) => first !== last);
  const keys = (): string => `SELECT DISTINCT ${column} AS a, ${column} AS k FROM ${rows()}`;
  return anyOf([
    ...(single.length === 0 ? [] : [inList(column, single, 'BIGINT', binder)]),
    ...(wide.length === 0 ? [] : [inRanges(column, wide, 'BIGINT', keys, binder)]),
    ...ipv6In(column, mergeBlocks(blocks, 6), binder),
  ]);
}

/** IPv6 keys are dictionary entries; their two halves say where they lie. */
function ipv6In(column: string, ranges: readonly Range[], binder: Binder): readonly string[] {
  if (ranges.length === 0) return [];
  if (!isFew(ranges)) {
    const keys = (): string =>
      `SELECT CAST(high AS UHUGEINT) * ${HALF} + low AS a, ${IPV6_BASE} + id AS k FROM dictionary WHERE high IS NOT NULL`;
    return [inRanges(column, ranges, 'UHUGEINT', keys, binder)];
  }
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
  return [`${column} IN (SELECT ${IPV6_BASE} + id FROM dictionary WHERE ${tests.join(' OR ')})`];
}

/** The ranges that blocks of one family cover, in order, touching ones made one. */
function mergeBlocks(blocks: readonly AddressBlock[], version: 4 | 6): readonly Range[] {
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
