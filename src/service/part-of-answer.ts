import type { Answer, AnswerColumn, Cell } from '../model/query/answer.ts';
import { formatQuery } from '../model/query/format-query.ts';
import type { Query } from '../model/query/query.ts';

/** What two queries must share so that one's answer can be a part of the other's: filters and time. */
export function selectionOf(query: Query): string {
  const { time, filter, compare, timezone } = formatQuery(query);
  return JSON.stringify([time, filter, compare, timezone]);
}

/**
 * Whether the answer to `part` is contained in the answer to `whole`, a query of the same selection: it has the same
 * groups with fewer measures, or only the totals.
 */
export function isPartOf(part: Query, whole: Query): boolean {
  if (!part.measures.every((measure) => whole.measures.includes(measure))) return false;
  if (part.splits.length === 0 && whole.splits.length > 0)
    return part.having.length + whole.having.length === 0 && whole.subtotals;
  const groups = ({ splits, having, havingDepth }: Query): string =>
    JSON.stringify([splits, having, havingDepth]);
  return (
    groups(part) === groups(whole) &&
    (whole.other || !part.other) &&
    (whole.hidden || !part.hidden) &&
    (whole.subtotals || !part.subtotals)
  );
}

/** The answer to `part`, taken from the answer to a query that contains it (`isPartOf`). */
export function partOfAnswer(part: Query, whole: Query, answer: Answer): Answer {
  const measured = answer.columns.filter(({ kind }) => kind !== 'split');
  const each = whole.compare === null ? 1 : 3;
  const picks = part.measures.flatMap((measure) => {
    const first = whole.measures.indexOf(measure) * each;
    return Array.from({ length: each }, (_, i) => first + i);
  });
  const pick = (values: readonly Cell[]): readonly Cell[] => picks.map((index) => values[index] ?? null);
  const keys = answer.columns.length - measured.length;
  const columns = picks.flatMap((index): AnswerColumn[] => measured.slice(index, index + 1));
  const subtotals = (answer.subtotals ?? []).map(({ path, values }) => ({ path, values: pick(values) }));
  if (part.splits.length === 0 && whole.splits.length > 0) {
    const sums = subtotals.filter(({ path }) => path.length === 0);
    return {
      ...answer,
      columns,
      rows: sums.map(({ values }) => values),
      truncated: false,
      other: part.other ? [] : null,
      hidden: null,
      subtotals: part.subtotals ? sums : null,
    };
  }
  return {
    ...answer,
    columns: [...answer.columns.slice(0, keys), ...columns],
    rows: answer.rows.map((row) => [...row.slice(0, keys), ...pick(row.slice(keys))]),
    other: part.other
      ? (answer.other?.map((other) => ({ ...other, values: pick(other.values) })) ?? null)
      : null,
    hidden:
      part.hidden && answer.hidden !== null ? { ...answer.hidden, values: pick(answer.hidden.values) } : null,
    subtotals: part.subtotals ? subtotals : null,
  };
}
