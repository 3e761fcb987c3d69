import type { Dialect } from './dialects/dialect.ts';
import type { FlowNeed, SecondsRange } from './flow-need.ts';

/** The rows that a statement reads, under the alias `f`. */
export interface FlowRows {
  readonly table: string;
  /** An aggregate: how many flows there are, or of how many a condition is true. */
  count(condition?: string): string;
  /** That a row is one of those that `FlowNeed.only` is about. */
  readonly only: string;
  /** Whether one of `FlowNeed.tests` holds: true, false or null. */
  test(name: string): string;
}

/** The rows that a statement needs: those of a table that has all flows (or the sums of all hours), or what is fetched for it alone. */
export function flowRows(dialect: Dialect, need: FlowNeed<Dialect>): FlowRows {
  const { tables, types } = dialect;
  const fetched = dialect.fetchedFlows?.(need);
  if (fetched === undefined)
    return {
      table: need.kind === 'hours' ? tables.flowHours : tables.flows,
      count: (condition) =>
        condition === undefined ? 'count(*)' : `count(CASE WHEN ${condition} THEN 1 END)`,
      only: need.only?.(dialect) ?? 'TRUE',
      test: (name) => need.tests?.[name]?.(dialect) ?? 'NULL',
    };
  const flows = need.kind === 'each' ? '1' : 'f.flows';
  return {
    table: fetched,
    count: (condition) =>
      `CAST(coalesce(sum(${condition === undefined ? flows : `CASE WHEN ${condition} THEN ${flows} END`}), 0) AS ${types.whole})`,
    only: 'TRUE',
    test: (name) => `(f.${name} = 1)`,
  };
}

/** Hours (since 1970) as ranges, those that follow each other as one. */
export function rangesOfHours(hours: readonly number[]): readonly SecondsRange[] {
  const ranges: SecondsRange[] = [];
  for (const hour of [...new Set(hours)].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.to === hour * 3600) ranges[ranges.length - 1] = { from: last.from, to: last.to + 3600 };
    else ranges.push({ from: hour * 3600, to: (hour + 1) * 3600 });
  }
  return ranges;
}

/** The hours that a range touches, whole. */
export function wholeHoursOf({ from, to }: SecondsRange): SecondsRange {
  return { from: Math.floor(Math.max(0, from) / 3600) * 3600, to: Math.ceil(Math.max(0, to) / 3600) * 3600 };
}
