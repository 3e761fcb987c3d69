import type { MeasureName } from '../model/catalog/measure-expression.ts';
import { type SplitChoice, type View, type Visualization, TIME, visualizations } from './view.ts';

/** What the splits are, as far as it matters to how they are drawn. */
interface Shape {
  readonly times: number;
  readonly others: number;
}

/**
 * How well each visualization shows a shape: 0 (not at all) to 10. A table takes any splits; a value and its
 * time series over time, side by side in it, tell more than many lines on top of each other.
 */
const fits: Readonly<Record<Visualization, (shape: Shape) => number>> = {
  totals: ({ times, others }) => (times + others === 0 ? 10 : 2),
  table: ({ times, others }) => (times + others === 0 ? 1 : 9),
  lines: ({ times, others }) => {
    if (times + others === 0) return 5;
    return times === 1 && others === 0 ? 10 : others <= 2 ? 6 : 3;
  },
  area: ({ times, others }) => {
    if (times + others === 0) return 4;
    return times === 1 && others === 1 ? 6 : others <= 2 ? 4 : 2;
  },
  bars: ({ times, others }) => {
    if (times + others === 0) return 4;
    if (others === 1 && times === 0) return 8;
    return others <= 2 ? 5 : 2;
  },
  heat: ({ times, others }) => {
    if (times === 0 && others === 2) return 8;
    return others === 1 && times === 1 ? 7 : others === 0 ? 0 : 2;
  },
  sankey: ({ times, others }) => {
    if (times > 0) return 2;
    return others === 3 ? 8 : others === 2 ? 6 : 3;
  },
  records: () => 1,
};

/** Charts of a single measure. */
const single: ReadonlySet<Visualization> = new Set(['bars', 'heat', 'sankey']);

/** Whether the chart that is shown draws one measure only, so that there is one to choose. */
export function isSingleMeasure(view: View): boolean {
  const shown = shownVisualization(view);
  return single.has(shown) && (shown !== 'bars' || view.splits.some((split) => split.field !== TIME));
}

/** The measure that comes first: splits sort by it, and charts of a single measure draw it. */
export function primaryMeasure(view: View): MeasureName {
  const first = view.measures[0] ?? 'flows';
  return isSingleMeasure(view) ? (view.chartMeasure ?? first) : first;
}

/** The measure that a chart of a single one draws, and its place among the measures; `fits`: which can be drawn. */
export function chartMeasureOf(
  view: View,
  fits: (name: MeasureName) => boolean = () => true,
): { readonly measure: MeasureName; readonly index: number } {
  const lead = primaryMeasure(view);
  const measure = fits(lead) ? lead : (view.measures.find(fits) ?? lead);
  return { measure, index: view.measures.indexOf(measure) };
}

export function fitOf(visualization: Visualization, splits: readonly SplitChoice[]): number {
  const times = splits.filter((split) => split.field === TIME).length;
  return fits[visualization]({ times, others: splits.length - times });
}

/** What is shown: the user's choice, else what fits best. */
export function shownVisualization(view: View): Visualization {
  if (view.visualization !== null) return view.visualization;
  return [...visualizations].sort((a, b) => fitOf(b, view.splits) - fitOf(a, view.splits))[0] ?? 'table';
}
