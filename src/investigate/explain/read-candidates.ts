import {
  BITS,
  combinations,
  createItems,
  type Frequent,
  frequentValues,
  memberships,
} from '../../sql/explain/combinations.ts';
import type { Dimension } from '../../sql/explain/dimensions.ts';
import { readKey } from '../../sql/key.ts';
import type { SqlSession } from '../../sql/sql-session.ts';
import type { Candidate } from './combination-counts.ts';
import type { Membership } from './order-by-remainder.ts';

/**
 * Values, and combinations of two or three of different things, that are frequent on either side.
 * @param plain as of `DimensionNames`
 */
export async function readCandidates(
  dimensions: readonly Dimension[],
  bounds: Frequent,
  plain: number,
  changesOverTime: boolean,
  slices: number,
  { dialect, run }: SqlSession,
): Promise<readonly Candidate[]> {
  if (dimensions.length === 0) return [];
  const singles = (await run(frequentValues(dimensions, bounds, changesOverTime, dialect))).map(
    readCandidate,
  );
  if (singles.length === 0) return [];
  const values = dimensions.map((_, i) =>
    singles.flatMap((single) =>
      single.values.flatMap(({ dimension, key }) => (dimension === i ? [key] : [])),
    ),
  );
  for (const statement of createItems(dimensions, values, changesOverTime, slices, dialect))
    await run(statement);
  const several = (await run(combinations(bounds, plain, dialect))).map(readCandidate);
  return [...singles, ...several];
}

/** Which flows have which of some combinations. */
export async function readMemberships(
  some: readonly Candidate[],
  slices: number,
  { dialect, run }: SqlSession,
): Promise<readonly Membership[]> {
  const values = some.map((one) => one.values);
  return (await run(memberships(values, slices, dialect))).map((row) => readMembership(row, slices));
}

/** A row of pairs of dimension and value, null where there is none, then the amounts on both sides. */
function readCandidate(row: readonly unknown[]): Candidate {
  const pairs = row.slice(0, -2);
  const values = pairs.flatMap((dimension, i) =>
    i % 2 === 1 || dimension === null ? [] : [{ dimension: Number(dimension), key: readKey(pairs[i + 1]) }],
  );
  const [selected, rest] = row.slice(-2);
  return { values, selected: Number(selected), rest: Number(rest) };
}

function readMembership(row: readonly unknown[], slices: number): Membership {
  const words = row.slice(0, row.length - 3 - 2 * slices);
  const of = words.flatMap((word, i) => {
    const bits = Number(word);
    return Array.from({ length: BITS }, (_, bit) => bit).flatMap((bit) => ((bits >> bit) & 1 ? [i * BITS + bit] : []));
  });
  const [selected = 0, rest = 0, silent = 0, ...bySlice] = row.slice(words.length).map(Number);
  return {
    of,
    selected,
    rest,
    silent,
    slices: Array.from({ length: slices }, (_, k) => ({ selected: bySlice[2 * k] ?? 0, rest: bySlice[2 * k + 1] ?? 0 })),
  };
} // prettier-ignore
