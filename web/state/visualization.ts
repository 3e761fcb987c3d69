import { type SplitChoice, type View, type Visualization, TIME, visualizations } from './view.ts';

/** What the splits are, as far as it matters to how they are drawn. */
interface Shape {
  readonly times: number;
  readonly others: number;
}

/**
 * How well each visualization shows a shape: 0 (not at all) to 10. A table takes any splits; a value and its
 * rhythm over time, side by side in it, tell more than many lines on top of each other.
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

export function fitOf(visualization: Visualization, splits: readonly SplitChoice[]): number {
  const times = splits.filter((split) => split.field === TIME).length;
  return fits[visualization]({ times, others: splits.length - times });
}

/** What is shown: the user's choice, else what fits best. */
export function shownVisualization(view: View): Visualization {
  if (view.visualization !== null) return view.visualization;
  return [...visualizations].sort((a, b) => fitOf(b, view.splits) - fitOf(a, view.splits))[0] ?? 'table';
}
