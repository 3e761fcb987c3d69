import type { Clause } from '../../src/model/query/query.ts';
import { type View, TIME } from '../../src/view/view.ts';

/** Splits to suggest next, the most useful first: target, port, source, time. */
const looks = ['dstaddr', 'dstport', 'srcaddr', TIME];
const MOST = 3;

/**
 * The splits that are offered for a view, one click each: what the filters have not settled and no split shows yet. Of a
 * view that is split by something else than time: its course.
 */
export function suggestedSplits(view: View, isLogged: (field: string) => boolean): readonly string[] {
  if (view.visualization === 'records' || view.visualization === 'sankey') return [];
  const isSplit = (field: string): boolean => view.splits.some((split) => split.field === field);
  if (isSplit(TIME)) return [];
  if (view.splits.length > 0) return [TIME];
  if (view.filters.length === 0) return [];
  return looks
    .filter((field) => isLogged(field) && !view.filters.some((clause) => settles(clause, field)))
    .slice(0, MOST);
}

/** Whether a filter leaves one value of a field. */
function settles(clause: Clause, field: string): boolean {
  return clause.field === field && clause.kind === 'in' && !clause.not && clause.values.length === 1;
}
