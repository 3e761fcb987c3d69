import type { Answer } from '../../model/query/answer.ts';
import type { Query } from '../../model/query/query.ts';
import type { View } from '../view.ts';
import { chartMeasureOf } from '../visualization.ts';
import type { Span } from '../time/buckets.ts';
import { type ChartSpec, chartQuery } from './chart-query.ts';
import { isAdditive } from './lines.ts';
import { askOverTime } from './over-time.ts';
import { periodsOf } from './periods.ts';
import { columnOf, columnQuery, pairQueries } from './sankey-questions.ts';

/**
 * What the chart of a view asks that needs no other answer: the view's own question first, then what its chart will
 * ask beside it. All of it can be on its way before the page draws. `range` is about what the view's time means.
 */
export function chartQueries(view: View, range: Span): readonly Query[] {
  const { spec, query } = chartQuery(view, range);
  return [query, ...besideOf(spec, range)];
}

/** What the chart of a view asks once it has the answers to `chartQueries`, given in their order. */
export function nextQueries(view: View, range: Span, answers: readonly Answer[]): readonly Query[] {
  const { spec } = chartQuery(view, range);
  const { measure, index } = chartMeasureOf(view, isAdditive);
  if (spec.visualization !== 'sankey' || !isAdditive(measure)) return [];
  // The first column is in the answer to the view's own question, with all of its measures.
  const columns = answers.map((answer, at) => columnOf(periodsOf(answer).answer, at === 0 ? index : 0));
  return pairQueries(view, spec.splits, columns, measure);
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
