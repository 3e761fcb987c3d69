import type { Query } from '../../model/query/query.ts';
import type { View } from '../view.ts';
import { chartMeasureOf } from '../visualization.ts';
import type { Span } from '../time/buckets.ts';
import { type ChartSpec, chartQuery } from './chart-query.ts';
import { isAdditive } from './lines.ts';
import { askOverTime } from './over-time.ts';
import { columnQuery } from './sankey-questions.ts';

/**
 * What the chart of a view asks that needs no other answer: the view's own question first, then what its chart will
 * ask beside it. All of it can be on its way before the page draws. `range` is about what the view's time means.
 */
export function chartQueries(view: View, range: Span): readonly Query[] {
  const { spec, query } = chartQuery(view, range);
  return [query, ...besideOf(spec, range)];
}

function besideOf({ view, visualization, splits }: ChartSpec, range: Span): readonly Query[] {
  switch (visualization) {
    case 'totals':
      return [askOverTime(view, range).query];
    case 'sankey': {
      const { measure } = chartMeasureOf(view, isAdditive);
      return isAdditive(measure) ? splits.slice(1).map((split) => columnQuery(view, split, measure)) : [];
    }
    case 'table':
    case 'lines':
    case 'area':
    case 'bars':
    case 'heat':
    case 'records':
      return [];
  }
}
