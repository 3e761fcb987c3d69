import type { Query } from '../../src/model/query/query.ts';
import type { View } from '../state/view.ts';
import { chartMeasureOf } from '../state/visualization.ts';
import type { Span } from '../time/buckets.ts';
import { type Asked, chartQuery } from './chart-query.ts';
import { isAdditive } from './lines.ts';
import { askOverTime } from './over-time.ts';
import { columnQuery } from './sankey-questions.ts';

/**
 * What the chart of a view asks that needs no other answer: the view's own question first, then what its chart will
 * ask beside it. All of it can be on its way before the page draws. `range` is about what the view's time means.
 */
export function questionsAtOnce(view: View, range: Span): readonly Query[] {
  const { asked, query } = chartQuery(view, range);
  return [query, ...besideOf(asked, range)];
}

function besideOf({ view, visualization, splits }: Asked, range: Span): readonly Query[] {
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
