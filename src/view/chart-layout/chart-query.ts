import type { Cell } from '../../model/query/answer.ts';
import type { Step } from '../filters.ts';
import type { Query } from '../../model/query/query.ts';
import { bucketFor, queryOf } from '../to-query.ts';
import { type SplitChoice, type View, TIME } from '../view.ts';
import { shownVisualization } from '../visualization.ts';
import type { Visualization } from '../visualizations.ts';
import type { Span } from '../time/buckets.ts';

/** What was asked to draw a chart: the view, and the splits as they were really cut. */
export interface ChartSpec {
  readonly view: View;
  readonly visualization: Visualization;
  /** With the bucket of each split settled. */
  readonly splits: readonly SplitChoice[];
}

/** The most lines that can be distinguished. */
export const MOST_LINES = 10;

/** The most values of one column of a sankey that can be distinguished. */
const MOST_NODES = 25;

/** What to ask for a view, and its query. `range` is about what the view's time means. */
export function chartQuery(view: View, range: Span): { readonly spec: ChartSpec; readonly query: Query } {
  const visualization = shownVisualization(view);
  const shaped = { ...view, splits: splitsFor(visualization, view.splits) };
  const splits = shaped.splits.map((split) => ({ ...split, bucket: bucketFor(split, range) }));
  // Each column of a sankey takes its values from all flows: they are asked one by one, the first one here.
  const first = visualization === 'sankey' ? splits.slice(0, 1) : splits;
  return {
    spec: { view, visualization, splits },
    query: queryOf({ ...shaped, splits: first }, range, rowsOf(visualization, splits)),
  };
}

/**
 * Whether what is shown has hours side by side, of which those without logs are marked: an axis of time, or times as rows in
 * their order.
 */
export function marksHours(view: View): boolean {
  const shown = shownVisualization(view);
  const splits = splitsFor(shown, view.splits);
  const time = splits.findIndex(({ field }) => field === TIME);
  switch (shown) {
    case 'totals':
      return true;
    case 'table': {
      const sort = splits[time]?.sort ?? null;
      const isSeries = splits.length > 1 && splits.at(-1)?.field === TIME;
      return isSeries || (time !== -1 && (sort === null || sort.by === TIME));
    }
    case 'bars':
    case 'lines':
    case 'area':
    case 'heat':
      return time !== -1;
    case 'sankey':
    case 'records':
      return false;
  }
}

/** Fields that a view is split by and that the chart has no place for, where it has one for others. */
export function splitsLeftOut(view: View): readonly string[] {
  const shown = shownVisualization(view);
  if (shown === 'totals' || shown === 'records') return [];
  const fields = new Set(splitsFor(shown, view.splits).map(({ field }) => field));
  return [...new Set(view.splits.map(({ field }) => field))].filter((field) => !fields.has(field));
}

/** The one query whose rows hold what a chart shows, to take elsewhere. */
export function tableQuery(view: View, range: Span): Query {
  const { spec, query } = chartQuery(view, range);
  if (spec.visualization !== 'sankey') return query;
  return queryOf({ ...view, splits: spec.splits }, range, 0);
}

/**
 * How many of the splits make what a chart shows as rows, to which conditions on measures apply. A time within them
 * is the series of each row: an hour with little must not look like one with nothing.
 */
function rowsOf(visualization: Visualization, splits: readonly SplitChoice[]): number {
  const timed = splits.at(-1)?.field === TIME ? 1 : 0;
  switch (visualization) {
    case 'table':
      return splits.length - (splits.length > 1 ? timed : 0);
    case 'bars':
      return timed === 1 ? splits.length - 1 : 1;
    case 'lines':
    case 'area':
      return splits.length - 1;
    case 'heat':
      return 1;
    // Bands are parts of the whole, which is not whole without some.
    case 'sankey':
    case 'totals':
    case 'records':
      return 0;
  }
}

function splitsFor(visualization: Visualization, splits: readonly SplitChoice[]): readonly SplitChoice[] {
  switch (visualization) {
    case 'table':
      return splits;
    case 'totals':
    case 'records':
      return [];
    case 'bars': {
      const others = splits.filter((split) => split.field !== TIME);
      if (others.length === 0) return overTime(splits);
      return others.slice(0, 2).map((split, depth) => ({
        ...split,
        limit: Math.min(split.limit ?? 1000, depth === 0 ? 1000 : MOST_LINES),
      }));
    }
    case 'heat':
      return heatSplits(splits);
    case 'sankey': {
      const others = splits.filter((split) => split.field !== TIME);
      const levels = others.length >= 2 ? others.slice(0, 4) : usualSankey;
      return levels.map((split) => ({ ...split, limit: Math.min(split.limit ?? MOST_NODES, MOST_NODES) }));
    }
    case 'area':
    case 'lines':
      return overTime(splits);
  }
}

/** Who reaches what, and by which port: what a sankey shows by default. */
const usualSankey: readonly SplitChoice[] = ['srcaddr', 'dstport', 'dstaddr'].map((field) => ({
  field,
  bucket: null,
  limit: 12,
  sort: null,
}));

/** A heat map has rows and columns: time goes along the columns, and is the columns where there is but one split. */
function heatSplits(splits: readonly SplitChoice[]): readonly SplitChoice[] {
  const others = splits.filter((split) => split.field !== TIME);
  const time = splits.find((split) => split.field === TIME);
  const rows = others[0] ?? { field: 'dstport', bucket: null, limit: 50, sort: null };
  const columns =
    time !== undefined || others[1] === undefined
      ? { ...(time ?? newTime), limit: null, sort: null }
      : others[1];
  return [
    { ...rows, limit: Math.min(rows.limit ?? 200, 200) },
    columns.field === TIME ? columns : { ...columns, limit: Math.min(columns.limit ?? 100, 100) },
  ];
}

const newTime: SplitChoice = { field: TIME, bucket: null, limit: null, sort: null };

/** Time innermost, and no more lines than can be distinguished. */
function overTime(splits: readonly SplitChoice[]): readonly SplitChoice[] {
  const time = splits.find((split) => split.field === TIME) ?? newTime;
  const others = splits.filter((split) => split.field !== TIME);
  const capped = others.map((split) => ({
    ...split,
    limit: Math.min(split.limit ?? MOST_LINES, MOST_LINES),
  }));
  // A line needs its points in order, all of them.
  return [...capped, { ...time, limit: null, sort: null }];
}

/** The way to a row of the split tree. */
export function stepsOf(spec: ChartSpec, path: readonly Cell[]): readonly Step[] {
  return path.map((cell, depth) => {
    const split = spec.splits[depth];
    const field = split?.field ?? '';
    const value = field === TIME && typeof cell === 'string' ? Date.parse(cell) : cell;
    return { field, bucket: split?.bucket ?? null, value };
  });
}
