import { fieldNamed } from '../model/catalog/fields.ts';
import { type SplitChoice, type View, TIME } from './view.ts';
import { fitOf } from './visualization.ts';

export const splitLimits = [5, 10, 25, 50, 100, 1000] as const;

/** The most values a split shows by default; time shows all. */
export function defaultLimit(field: string): number | null {
  return field === TIME ? null : 50;
}

/** Whether a field is an amount, not a label: it has about as many values as there are flows. */
export function isAmount(field: string): boolean {
  return fieldNamed(field)?.type === 'counter';
}

/** How a split cuts by default: amounts only in steps. */
export function defaultBucket(field: string): SplitChoice['bucket'] {
  return isAmount(field) ? { kind: 'number', width: 1000 } : null;
}

/** A split as it begins. */
function newSplit(field: string): SplitChoice {
  return { field, bucket: defaultBucket(field), limit: defaultLimit(field), sort: null };
}

/** Replaces all splits by one. */
export function splitOnly(view: View, field: string): View {
  return withSplits(view, [newSplit(field)]);
}

/** Adds an innermost split; nothing changes if the field already splits. */
export function addSplit(view: View, field: string): View {
  return insertSplit(view, field, view.splits.length);
}

/** Adds a split before the one at `index`; nothing changes if the field already splits. */
export function insertSplit(view: View, field: string, index: number): View {
  if (view.splits.some((split) => split.field === field)) return view;
  return withSplits(view, view.splits.toSpliced(index, 0, newSplit(field)));
}

export function changeSplit(view: View, index: number, change: Partial<SplitChoice>): View {
  return withSplits(
    view,
    view.splits.map((split, at) => (at === index ? { ...split, ...change } : split)),
  );
}

export function removeSplit(view: View, index: number): View {
  return withSplits(view, view.splits.toSpliced(index, 1));
}

/** Moves a split outwards (-1) or inwards (+1). */
export function moveSplit(view: View, index: number, by: -1 | 1): View {
  const split = view.splits[index];
  const to = index + by;
  if (split === undefined || to < 0 || to >= view.splits.length) return view;
  return withSplits(view, view.splits.toSpliced(index, 1).toSpliced(to, 0, split));
}

/** Moves a split before the one at `to`; past the last: to the end. */
export function placeSplit(view: View, from: number, to: number): View {
  const split = view.splits[from];
  if (split === undefined || to === from || to === from + 1) return view;
  return withSplits(view, view.splits.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, split));
}

/** Puts a split, or a new one of that field, in the place of another. It is there once only. */
export function replaceSplit(view: View, index: number, by: SplitChoice | string | null): View {
  const split = typeof by === 'string' ? newSplit(by) : by;
  if (split === null || view.splits[index] === undefined || view.splits[index].field === split.field)
    return view;
  const splits = view.splits.with(index, split);
  return withSplits(
    view,
    splits.filter((each, at) => at === index || each.field !== split.field),
  );
}

/** Replaces the splits by one of that field, but keeps a time split that was innermost. */
export function drillInto(view: View, field: string): View {
  const last = view.splits.at(-1);
  const kept = last?.field === TIME && field !== TIME ? [last] : [];
  return withSplits(view, [newSplit(field), ...kept]);
}

/** The user's choice of a visualization is given up when it can't show the new splits. */
function withSplits(view: View, splits: readonly SplitChoice[]): View {
  const kept = view.visualization !== null && fitOf(view.visualization, splits) >= 4;
  return { ...view, splits, visualization: kept ? view.visualization : null };
}
