import type { Answer, Cell } from '../../model/query/answer.ts';
import { MAX_LIMIT } from '../../model/query/limits.ts';
import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import type { Clause, Query, Split } from '../../model/query/query.ts';
import { toNumber } from '../format/numbers.ts';
import { queryOf } from '../to-query.ts';
import type { SplitChoice, View } from '../view.ts';

/** No split here is by time, so the range picks nothing. */
const ANY = { from: 0, to: 1 };

/** The values of a column with their amounts over all flows, and how many others there are. */
export interface SankeyColumn {
  readonly named: readonly { readonly value: Cell; readonly amount: number }[];
  readonly others: number;
}

/** What flows between the values of two neighbouring columns. */
export type SankeyPair = readonly { readonly from: Cell; readonly to: Cell; readonly amount: number }[];

/** Which values a column names: the first of its split over all flows, whatever stands in the columns before it. */
export function columnQuery(view: View, split: SplitChoice, measure: MeasureName): Query {
  return questionOf(view, [split], measure);
}

/** Reads the answer to `columnQuery`; `at`: the measure's place among the answer's. */
export function columnOf(answer: Answer, at: number): SankeyColumn {
  return {
    named: answer.rows.map((row) => ({ value: row[0] ?? null, amount: toNumber(row[1 + at]) ?? 0 })),
    others: answer.other?.reduce((sum, { groups }) => sum + groups, 0) ?? 0,
  };
}

/** What flows between the named values of two columns. */
export function pairQuery(
  view: View,
  splits: readonly [SplitChoice, SplitChoice],
  columns: readonly [SankeyColumn, SankeyColumn],
  measure: MeasureName,
): Query {
  const clauses = splits.flatMap((split, i) =>
    clausesOf(split, columns[i]?.named.map(({ value }) => value) ?? []),
  );
  const ends = splits.map((split, i) => ({ ...split, limit: limitOf(split, columns[i]?.named.length ?? 0) }));
  return { ...questionOf({ ...view, filters: [...view.filters, ...clauses] }, ends, measure), other: false };
}

/** What flows between the named values of each column and the next. */
export function pairQueries(
  view: View,
  splits: readonly SplitChoice[],
  columns: readonly SankeyColumn[],
  measure: MeasureName,
): readonly Query[] {
  return splits.slice(1).flatMap((split, level) => {
    const [before, from, to] = [splits[level], columns[level], columns[level + 1]];
    return before === undefined || from === undefined || to === undefined
      ? []
      : [pairQuery(view, [before, split], [from, to], measure)];
  });
}

/** Reads the answer to `pairQuery`. */
export function pairOf(answer: Answer): SankeyPair {
  return answer.rows.map(([from = null, to = null, amount]) => ({ from, to, amount: toNumber(amount) ?? 0 }));
}

function questionOf(view: View, splits: readonly SplitChoice[], measure: MeasureName): Query {
  const sorted = splits.map((split) => ({ ...split, sort: split.sort ?? usual(measure) }));
  const spec = { ...view, splits: sorted, measures: [measure], compare: null };
  return { ...queryOf(spec, ANY, 0), subtotals: false };
}

function usual(measure: MeasureName): Split['sort'] {
  return { by: measure, order: 'desc' };
}

/** Only the values that are named. Steps of numbers are not listed one by one: those between come too. */
function clausesOf(split: SplitChoice, values: readonly Cell[]): readonly Clause[] {
  const { field, bucket } = split;
  if (bucket?.kind !== 'number') return [{ kind: 'in', field, values, not: false }];
  const starts = values.filter((value) => typeof value === 'number');
  if (starts.length < values.length || starts.length === 0) return [];
  const [low, high] = [Math.min(...starts), Math.max(...starts) + bucket.width - 1];
  return [{ kind: 'between', field, low, high, not: false }];
}

function limitOf({ bucket }: SplitChoice, named: number): number {
  return bucket?.kind === 'number' ? MAX_LIMIT : Math.max(1, named);
}
