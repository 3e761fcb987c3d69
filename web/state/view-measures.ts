import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import { parseSortKey } from '../../src/model/query/sort-measure.ts';
import type { Split } from '../../src/model/query/query.ts';
import { defaultSort } from '../../src/view/to-query.ts';
import { type View, TIME } from '../../src/view/view.ts';

/** Adds a measure at the end, or removes it; the last one is never removed. */
export function toggleMeasure(view: View, name: MeasureName): View {
  if (!view.measures.includes(name)) return { ...view, measures: [...view.measures, name] };
  const measures = view.measures.filter((each) => each !== name);
  const chartMeasure = view.chartMeasure === name ? null : view.chartMeasure;
  return measures.length === 0 ? view : { ...view, measures, chartMeasure, splits: withoutSort(view, name) };
}

/** Makes a measure the first one: the one that splits sort by by default. */
export function putMeasureFirst(view: View, name: MeasureName): View {
  const measures = [name, ...view.measures.filter((each) => each !== name)];
  return { ...view, measures, chartMeasure: view.chartMeasure === name ? null : view.chartMeasure };
}

/** Makes a measure the one that charts of a single measure draw; adds it if it is missing. */
export function drawMeasure(view: View, name: MeasureName): View {
  const measures = view.measures.includes(name) ? view.measures : [...view.measures, name];
  return { ...view, measures, chartMeasure: name === measures[0] ? null : name };
}

/** Sorts every split but time by a measure or its change (`flows_delta`), descending; a second time reverses the order. */
export function sortBy(view: View, by: string): View {
  const now = sortOf(view);
  const order: 'asc' | 'desc' = now?.by === by && now.order === 'desc' ? 'asc' : 'desc';
  const sort = by === view.measures[0] && order === 'desc' ? null : { by, order };
  const splits = view.splits.map((split) => (split.field === TIME ? split : { ...split, sort }));
  return { ...view, splits };
}

/** What the outermost split other than time sorts by; null: there is none. */
export function sortOf(view: View): Split['sort'] | null {
  const split = view.splits.find((each) => each.field !== TIME);
  return split === undefined ? null : (split.sort ?? defaultSort(split.field, view));
}

function withoutSort(view: View, name: MeasureName): View['splits'] {
  return view.splits.map((split) =>
    split.sort !== null && parseSortKey(split.sort.by)?.measure === name ? { ...split, sort: null } : split,
  );
}
