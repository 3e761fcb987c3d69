import type { Binder } from '../../binder.ts';

/** Up to so many, values and ranges stand one by one in the statement, and prune; more go in as one list. */
const FEW_VALUES = 100;
const FEW_RANGES = 16;

export type Range = readonly [first: bigint, last: bigint];

/** That a column holds one of some numbers. */
export function inList(column: string, values: readonly bigint[], type: string, binder: Binder): string {
  if (values.length > FEW_VALUES) return `${column} IN (SELECT unnest(${list(values, type, binder)}))`;
  return `${column} IN (${values.map((value) => binder.bind(value, type)).join(', ')})`;
}

/**
 * That a column's number lies in one of some ranges, which are in order and don't touch. Testing each row against
 * thousands of ranges would take minutes: of many, only distinct values look for the nearest one that begins
 * before them. `keys` is a SELECT of those values, as `a`, and of what of them the column holds, as `k`.
 */
export function inRanges(
  column: string,
  ranges: readonly Range[],
  type: string,
  keys: () => string,
  binder: Binder,
): string {
  if (ranges.length > FEW_RANGES) {
    const firsts = list(
      ranges.map(([first]) => first),
      type,
      binder,
    );
    const lasts = list(
      ranges.map(([, last]) => last),
      type,
      binder,
    );
    return (
      `${column} IN (SELECT keys.k FROM (${keys()}) keys` +
      ` ASOF JOIN (SELECT unnest(${firsts}) AS first, unnest(${lasts}) AS last) ranges ON keys.a >= ranges.first` +
      ` WHERE keys.a <= ranges.last)`
    );
  }
  return anyOf(
    ranges.map(
      ([first, last]) => `${column} BETWEEN ${binder.bind(first, type)} AND ${binder.bind(last, type)}`,
    ),
  );
}

export function isFew(ranges: readonly Range[]): boolean {
  return ranges.length <= FEW_RANGES;
}

/** Alternatives; none: false. */
export function anyOf(tests: readonly string[]): string {
  if (tests.length === 0) return 'FALSE';
  return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' OR ')})`;
}

/** Numbers as one bound text, which DuckDB reads as a list. */
function list(values: readonly bigint[], type: string, binder: Binder): string {
  return binder.bind(`[${values.join(',')}]`, `${type}[]`);
}
