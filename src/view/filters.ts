import type { Clause, Scalar, Split } from '../model/query/query.ts';
import { bucketEnd } from './time/buckets.ts';
import { type View, TIME } from './view.ts';

/** One step down the split tree: which value of which split. Times are milliseconds since 1970 UTC. */
export interface Step {
  readonly field: string;
  readonly bucket: Split['bucket'];
  readonly value: Scalar;
}

export function addFilter(view: View, clause: Clause): View {
  return { ...view, filters: [...view.filters, clause] };
}

export function replaceFilter(view: View, index: number, clause: Clause): View {
  return { ...view, filters: view.filters.map((each, at) => (at === index ? clause : each)) };
}

export function removeFilter(view: View, index: number): View {
  return { ...view, filters: view.filters.filter((_, at) => at !== index) };
}

/** Moves a filter before the one at `to`; past the last: to the end. */
export function moveFilter(view: View, from: number, to: number): View {
  const clause = view.filters[from];
  if (clause === undefined || to === from || to === from + 1) return view;
  const filters = view.filters.toSpliced(from, 1).toSpliced(to > from ? to - 1 : to, 0, clause);
  return { ...view, filters };
}

export function clearFilters(view: View): View {
  return { ...view, filters: [], having: [] };
}

/** Narrows the view to what lies under the steps. Lists that the values narrow further are replaced by them. */
export function only(view: View, steps: readonly Step[]): View {
  return steps.reduce((narrowed, step) => {
    if (step.field === TIME) return onlyTime(narrowed, step);
    const clause = clauseOf(step, false);
    const kept = narrowed.filters.filter(
      (each) =>
        !(each.field === step.field && !each.not && (each.kind === 'in' || each.kind === clause.kind)),
    );
    const at = narrowed.filters.findIndex((each) => !kept.includes(each));
    const filters = at < 0 ? [...kept, clause] : [...kept.slice(0, at), clause, ...kept.slice(at)];
    return { ...narrowed, filters };
  }, view);
}

/** Leaves out one value; joins an exclusion that the field already has. Time can't be excluded. */
export function exclude(view: View, step: Step): View {
  if (step.field === TIME) return view;
  const clause = clauseOf(step, true);
  const at = view.filters.findIndex((each) => each.kind === 'in' && each.not && each.field === step.field);
  const present = view.filters[at];
  if (clause.kind === 'in' && present?.kind === 'in') {
    const values = [...present.values.filter((value) => value !== step.value), step.value];
    return replaceFilter(view, at, { ...present, values });
  }
  return addFilter(view, clause);
}

/** The condition that a step means. */
export function clauseOf(step: Step, not: boolean): Clause {
  if (step.bucket?.kind === 'number' && typeof step.value === 'number') {
    // Bounds are inclusive and every number that can be split by is whole.
    const high = step.value + step.bucket.width - 1;
    return { kind: 'between', field: step.field, low: step.value, high, not };
  }
  return { kind: 'in', field: step.field, values: [step.value], not };
}

function onlyTime(view: View, step: Step): View {
  if (typeof step.value !== 'number' || step.bucket?.kind !== 'time') return view;
  const to = bucketEnd(step.value, step.bucket.duration, view.timezone);
  return { ...view, time: { kind: 'absolute', from: step.value, to } };
}
