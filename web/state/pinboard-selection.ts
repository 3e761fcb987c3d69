import type { Scalar } from '../../src/model/query/query.ts';
import { addFilter, removeFilter, replaceFilter } from '../../src/view/filters.ts';
import type { View } from '../../src/view/view.ts';

/** The values in a dimension's first including filter, which the pinboard shows as selected. */
export function pickedValues(view: View, field: string): readonly Scalar[] {
  const clause = view.filters[placeOf(view, field)];
  return clause?.kind === 'in' ? clause.values : [];
}

/** The view without that filter, so that values that are not selected stay visible. */
export function withoutPicked(view: View, field: string): View {
  const at = placeOf(view, field);
  return at < 0 ? view : removeFilter(view, at);
}

/** Selects one value, or deselects it; `more`: in addition to the others. */
export function pickValue(view: View, field: string, value: Scalar, more: boolean): View {
  const at = placeOf(view, field);
  const picked = pickedValues(view, field);
  const clause = { kind: 'in' as const, field, not: false };
  if (at < 0) return addFilter(view, { ...clause, values: [value] });
  if (picked.includes(value)) {
    const rest = more ? picked.filter((each) => each !== value) : picked.length > 1 ? [value] : [];
    return rest.length === 0 ? removeFilter(view, at) : replaceFilter(view, at, { ...clause, values: rest });
  }
  return replaceFilter(view, at, { ...clause, values: more ? [...picked, value] : [value] });
}

function placeOf(view: View, field: string): number {
  return view.filters.findIndex((each) => each.kind === 'in' && !each.not && each.field === field);
}
