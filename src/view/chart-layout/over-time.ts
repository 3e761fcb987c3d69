import type { Query } from '../../model/query/query.ts';
import { type View, withVisualization } from '../view.ts';
import type { Span } from '../time/buckets.ts';
import { type ChartSpec, chartQuery } from './chart-query.ts';

/** What to ask for the whole over time, by the first measure: the chart of the totals. `range` is about what the view's time means. */
export function askOverTime(view: View, range: Span): { readonly spec: ChartSpec; readonly query: Query } {
  const whole = { ...view, splits: [], having: [], measures: view.measures.slice(0, 1) };
  return chartQuery(withVisualization(whole, 'lines'), range);
}
