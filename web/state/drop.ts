import { moveFilter } from '../../src/view/filters.ts';
import { pin, unpin } from './pins.ts';
import {
  addSplit,
  isAmount,
  insertSplit,
  placeSplit,
  removeSplit,
  replaceSplit,
  splitOnly,
} from '../../src/view/splits.ts';
import { type View, TIME } from '../../src/view/view.ts';

/** What can be dragged: a dimension from a list, a pill, a list of the pinboard. */
export type Dragged =
  | { readonly kind: 'dimension'; readonly field: string }
  | { readonly kind: 'filter'; readonly field: string; readonly index: number }
  | { readonly kind: 'split'; readonly field: string; readonly index: number }
  | { readonly kind: 'pin'; readonly field: string };

/** Where in a row: over a pill (it is replaced), or before the pill of that number (past the last: the end). */
export type Place =
  | { readonly kind: 'over'; readonly index: number }
  | { readonly kind: 'before'; readonly index: number };

export type Target =
  | { readonly kind: 'filters'; readonly place: Place }
  | { readonly kind: 'splits'; readonly place: Place }
  | { readonly kind: 'chart' }
  | { readonly kind: 'pinboard'; readonly place: Place };

/** The effect of a drop: another view at once, or an open filter menu that applies nothing yet. */
export type Drop =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'filter'; readonly field: string; readonly leaves: View };

/**
 * Whether a target accepts a dragged item. There is always a time range, so time can't be a filter or pinned. Amounts
 * have no top values for a pinned list.
 */
export function takes(target: Target['kind'], dragged: Dragged): boolean {
  if (target === 'pinboard' && isAmount(dragged.field)) return false;
  if (dragged.field !== TIME) return true;
  return target === 'splits' || target === 'chart';
}

/** What dropping does. `leaves` is the view without the item that was dragged away, used when the filter is applied. */
export function drop(view: View, dragged: Dragged, target: Target): Drop {
  switch (target.kind) {
    case 'filters':
      if (dragged.kind === 'filter') return toView(moveFilter(view, dragged.index, target.place.index));
      return { kind: 'filter', field: dragged.field, leaves: without(view, dragged) };
    case 'splits':
      return toView(onSplits(view, dragged, target.place));
    case 'chart':
      return toView(splitOnly(without(view, dragged), dragged.field));
    case 'pinboard':
      return toView(pin(without(view, dragged), dragged.field, target.place.index));
  }
}

function onSplits(view: View, dragged: Dragged, place: Place): View {
  if (dragged.kind === 'split') {
    return place.kind === 'over'
      ? replaceSplit(view, place.index, view.splits[dragged.index] ?? null)
      : placeSplit(view, dragged.index, place.index);
  }
  const rest = without(view, dragged);
  if (place.kind === 'before') {
    const at = rest.splits.findIndex((split) => split.field === dragged.field);
    return at < 0 ? insertSplit(rest, dragged.field, place.index) : placeSplit(rest, at, place.index);
  }
  const present = rest.splits.find((split) => split.field === dragged.field);
  return replaceSplit(rest, place.index, present ?? dragged.field);
}

/**
 * A split moves. A filter is copied, since removing it would show other flows. Dimensions and pinned lists are copied
 * too.
 */
function without(view: View, dragged: Dragged): View {
  return dragged.kind === 'split' ? removeSplit(view, dragged.index) : view;
}

function toView(view: View): Drop {
  return { kind: 'view', view };
}

/** The actions on a dimension by key: the same as dragging it. */
export function keyed(view: View, field: string, key: string): Drop | null {
  switch (key) {
    case 'f':
      return field === TIME ? null : { kind: 'filter', field, leaves: view };
    case 's':
      return toView(splitOnly(view, field));
    case 'a':
      return toView(addSplit(view, field));
    case 'p':
      return field === TIME || isAmount(field)
        ? null
        : toView(view.pins.includes(field) ? unpin(view, field) : pin(view, field));
    default:
      return null;
  }
}
