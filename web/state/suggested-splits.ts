import type { Clause } from '../../src/model/query/query.ts';
import { type View, TIME } from '../../src/view/view.ts';

/** Splits to suggest next, the most useful first: target, port, source, time. */
const looks = ['dstaddr', 'dstport', 'srcaddr', TIME];
const MOST = 3;

/**
 * The splits suggested for a view: fields that no filter fixes to one value and that are not split yet. If a view is
 * split but not by time, time is suggested.
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

/** Whether a filter allows only one value of a field. */
function settles(clause: Clause, field: string): boolean {
  return clause.field === field && clause.kind === 'in' && !clause.not && clause.values.length === 1;
}
