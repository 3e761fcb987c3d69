import type { MeasureName } from '../../src/model/catalog/measures.ts';
import type { View } from './view.ts';

/** Adds a measure at the end, or takes it away; the last one stays. */
export function toggleMeasure(view: View, name: MeasureName): View {
  if (!view.measures.includes(name)) return { ...view, measures: [...view.measures, name] };
  const measures = view.measures.filter((each) => each !== name);
  return measures.length === 0 ? view : { ...view, measures, splits: withoutSort(view, name) };
}

/** Makes a measure the first one: the one that sorts. Splits that had an order of their own follow it again. */
export function sortByMeasure(view: View, name: MeasureName): View {
  const rest = view.measures.filter((each) => each !== name);
  return {
    ...view,
    measures: [name, ...rest],
    splits: view.splits.map((split) => ({ ...split, sort: null })),
  };
}

function withoutSort(view: View, name: MeasureName): View['splits'] {
  return view.splits.map((split) => (split.sort?.by === name ? { ...split, sort: null } : split));
}
