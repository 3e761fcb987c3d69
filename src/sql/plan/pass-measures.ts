import type { MeasureName } from '../../model/catalog/measure-expression.ts';
import { sortMeasure } from '../../model/query/sort-measure.ts';
import type { Plan } from './plan.ts';
import { survivalOf } from './ranking-passes.ts';

/** What a pass has to measure: more than its order where its nodes are shown, or their rest is. */
export function passMeasures(plan: Plan, index: number): readonly MeasureName[] {
  const { query, passes } = plan;
  const pass = passes[index];
  const ranked = pass === undefined ? undefined : query.splits[pass.last];
  const isLeaf = index >= passes.length - 1;
  const isHeld = pass !== undefined && survivalOf(query, pass) === 'measures';
  const sort = ranked === undefined ? [] : [sortMeasure(ranked) ?? []].flat();
  const shown = isLeaf || query.subtotals || (query.other && ranked?.limit !== null) ? query.measures : [];
  const having = isHeld || passes.length === 0 ? query.having.map(({ measure }) => measure) : [];
  return [...new Set([...shown, ...sort, ...having])];
}
