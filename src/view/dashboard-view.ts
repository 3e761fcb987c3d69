import type { Clause } from '../model/query/query.ts';
import { clauseOf, only, type Step } from './filters.ts';
import { readUrl, type Vocabulary } from './url.ts';
import { type View, TIME } from './view.ts';

/** A tile's view under its dashboard's time and filters, and which of the filters are the tile's own. */
export interface TileView {
  readonly view: View;
  readonly own: readonly Clause[];
}

/** What a dashboard shows: `search` is the page's query string; without one, what the dashboard opens with. */
export function dashboardView(link: string, search: string, base: View, vocabulary: Vocabulary): View {
  return readUrl(search === '' ? link : search, base, vocabulary).view;
}

/** The view of a tile's link under the time, time zone, comparison and filters of the dashboard. */
export function tileView(link: string, dashboard: View, base: View, vocabulary: Vocabulary): TileView {
  const { view } = readUrl(link, base, vocabulary);
  const own = view.filters.filter((clause) => !includes(dashboard.filters, clause));
  const { time, timezone, compare } = dashboard;
  return { view: { ...view, time, timezone, compare, filters: [...dashboard.filters, ...own] }, own };
}

/** The dashboard after a tile went from its view to another: its time and filters, but for the tile's own ones. */
export function afterTile(dashboard: View, own: readonly Clause[], next: View): View {
  const { time, timezone, compare } = next;
  return {
    ...dashboard,
    time,
    timezone,
    compare,
    filters: next.filters.filter((each) => !includes(own, each)),
  };
}

/**
 * Keeps only what a mark stands for, or gives that up if it was chosen already. A mark of a value and a moment means the
 * value; one of a moment alone, that time, given up for the one that the dashboard opens with.
 */
export function toggleMark(dashboard: View, steps: readonly Step[], opening: View): View {
  const values = steps.filter(({ field }) => field !== TIME);
  if (values.length === 0) {
    const zoomed = only(dashboard, steps);
    const isChosen = JSON.stringify(zoomed.time) === JSON.stringify(dashboard.time);
    return isChosen ? { ...dashboard, time: opening.time } : zoomed;
  }
  const clauses = values.map((step) => clauseOf(step, false));
  if (clauses.every((clause) => includes(dashboard.filters, clause)))
    return { ...dashboard, filters: dashboard.filters.filter((each) => !includes(clauses, each)) };
  return only(dashboard, values);
}

function includes(clauses: readonly Clause[], clause: Clause): boolean {
  const text = textOf(clause);
  return clauses.some((each) => textOf(each) === text);
}

function textOf(clause: Clause): string {
  return JSON.stringify(clause, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
