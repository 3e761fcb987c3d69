import { type SplitChoice, type View, type Visualization, TIME, visualizations } from './view.ts';

/** How well a visualization shows these splits: 0 (not at all) to 10. */
export function fitOf(visualization: Visualization, splits: readonly SplitChoice[]): number {
  const times = splits.filter((split) => split.field === TIME).length;
  const others = splits.length - times;
  switch (visualization) {
    case 'totals':
      return splits.length === 0 ? 10 : 2;
    case 'lines':
      if (splits.length === 0) return 5;
      return times === 1 && others === 0 ? 10 : others <= 2 ? 6 : 3;
    case 'table':
      // A value and its rhythm over time, side by side, tell more than many lines on top of each other.
      return splits.length === 0 ? 1 : 9;
    case 'records':
      return 1;
  }
}

/** What is shown: the user's choice, else what fits best. */
export function shownVisualization(view: View): Visualization {
  if (view.visualization !== null) return view.visualization;
  return [...visualizations].sort((a, b) => fitOf(b, view.splits) - fitOf(a, view.splits))[0] ?? 'table';
}
