import type { View } from '../../src/view/view.ts';

/** A repair of an invalid query: the view without the invalid part. */
export interface ViewRepair {
  /** `Remove the filter`, for a button. */
  readonly label: string;
  readonly view: View;
}

/** What to remove to make a query valid. `path`: as reported by the server, such as `filter[0].in[2]`; null: unknown. */
export function repairView(view: View, path: string): ViewRepair | null {
  const [part = '', place] = path.split(/[.[\]]+/);
  const at = Number(place);
  switch (part) {
    case 'filter': {
      // The engine reports no path for an invalid expression.
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
    case 'order':
      return { label: 'Sort by time', view: { ...view, recordsOrder: null } };
    case 'compare':
      return { label: 'Stop comparing', view: { ...view, compare: null } };
    case 'timezone':
      return { label: 'Show times in UTC', view: { ...view, timezone: 'Etc/UTC' } };
    default:
      return null;
  }
}
