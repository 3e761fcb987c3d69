import type { MeasureName } from '../model/catalog/measure-expression.ts';
import { type SplitChoice, type View, TIME } from './view.ts';
import { type Visualization, visualizationRows, visualizations } from './visualizations.ts';

/** Whether the chart that is shown draws one measure only, so that there is one to choose. */
export function isSingleMeasure(view: View): boolean {
  const shown = shownVisualization(view);
  return (
    visualizationRows[shown].single && (shown !== 'bars' || view.splits.some((split) => split.field !== TIME))
  );
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
  return visualizationRows[visualization].fit({ times, others: splits.length - times });
}

/** What is shown: the user's choice, else what fits best. */
export function shownVisualization(view: View): Visualization {
  if (view.visualization !== null) return view.visualization;
  return [...visualizations].sort((a, b) => fitOf(b, view.splits) - fitOf(a, view.splits))[0] ?? 'table';
}
