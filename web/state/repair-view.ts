import type { View } from '../../src/view/view.ts';

/** A way out of a question that can't be asked: the view without what is wrong with it. */
export interface ViewRepair {
  /** `Remove the filter`, for a button. */
  readonly label: string;
  readonly view: View;
}

/** What to take away so that a query is right again. `path`: what the server named, as `filter[0].in[2]`; null: can't tell. */
export function repairView(view: View, path: string): ViewRepair | null {
  const [part = '', place] = path.split(/[.[\]]+/);
  const at = Number(place);
  switch (part) {
    case 'filter': {
      // An expression that the engine refused has no place that could be named.
      const wrong = view.filters.filter((clause, index) =>
        Number.isInteger(at) && place !== undefined && place !== ''
          ? index === at
          : clause.kind === 'matches',
      );
      if (wrong.length === 0) return null;
      const filters = view.filters.filter((clause) => !wrong.includes(clause));
      return { label: 'Remove the filter', view: { ...view, filters } };
    }
    case 'having':
      return {
        label: 'Remove the condition',
        view: { ...view, having: view.having.filter((_, index) => index !== at) },
      };
    case 'splits':
      return { label: 'Remove the splits', view: { ...view, splits: [] } };
    case 'time':
      return { label: 'Show all time', view: { ...view, time: { kind: 'all' } } };
    case 'compare':
      return { label: 'Stop comparing', view: { ...view, compare: null } };
    case 'timezone':
      return { label: 'Show times in UTC', view: { ...view, timezone: 'Etc/UTC' } };
    default:
      return null;
  }
}
