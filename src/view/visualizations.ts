/** What the splits are, as far as it matters to how they are drawn. */
interface SplitShape {
  readonly times: number;
  readonly others: number;
}

interface VisualizationRow {
  readonly label: string;
  /** Whether it draws a single measure. */
  readonly single: boolean;
  /** How well it shows a shape: 0 (not at all) to 10. */
  readonly fit: (shape: SplitShape) => number;
}

/**
 * THE table of visualizations, in the order that the page offers them. A table takes any splits; a value and its time series
 * over time, side by side in it, tell more than many lines on top of each other.
 */
const table = {
  totals: { label: 'Totals', single: false, fit: ({ times, others }) => (times + others === 0 ? 10 : 2) },
  table: { label: 'Table', single: false, fit: ({ times, others }) => (times + others === 0 ? 1 : 9) },
  lines: {
    label: 'Lines',
    single: false,
    fit: ({ times, others }) => {
      if (times + others === 0) return 5;
      return times === 1 && others === 0 ? 10 : others <= 2 ? 6 : 3;
    },
  },
  area: {
    label: 'Area',
    single: false,
    fit: ({ times, others }) => {
      if (times + others === 0) return 4;
      return times === 1 && others === 1 ? 6 : others <= 2 ? 4 : 2;
    },
  },
  bars: {
    label: 'Bars',
    single: true,
    fit: ({ times, others }) => {
      if (times + others === 0) return 4;
      if (others === 1 && times === 0) return 8;
      return others <= 2 ? 5 : 2;
    },
  },
  heat: {
    label: 'Heat map',
    single: true,
    fit: ({ times, others }) => {
      if (times === 0 && others === 2) return 8;
      return others === 1 && times === 1 ? 7 : others === 0 ? 0 : 2;
    },
  },
  sankey: {
    label: 'Sankey',
    single: true,
    fit: ({ times, others }) => {
      if (times > 0) return 2;
      return others === 3 ? 8 : others === 2 ? 6 : 3;
    },
  },
  records: { label: 'Records', single: false, fit: () => 1 },
} as const satisfies Readonly<Record<string, VisualizationRow>>;

export type Visualization = keyof typeof table;

export const visualizations = Object.keys(table) as readonly Visualization[];

export const visualizationRows: Readonly<Record<Visualization, VisualizationRow>> = table;
