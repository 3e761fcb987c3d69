import type { Clause } from '../model/query/query.ts';
import { clauseOf, only, type Step } from './filters.ts';
import { readUrl, searchOf, type Vocabulary, writeRows } from './url.ts';
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

/** What of a tile's view is changed where it is: how it is sorted, which rows it hides, and shares. */
type TileRows = Pick<View, 'splits' | 'having' | 'percent' | 'recordsOrder'>;

/** The parameters of a dashboard's link that say how its tiles were changed begin so: `tile.ports=…`. */
const TILE = 'tile.';

/** A tile's view with what the dashboard's link says of its rows; unless the tile has other splits by now. */
export function withTileRows(view: View, search: string, tile: string, vocabulary: Vocabulary): View {
  const link = new URLSearchParams(search).get(TILE + tile);
  if (link === null) return view;
  const none: TileRows = { splits: [], having: [], percent: null, recordsOrder: null };
  const { splits, having, percent, recordsOrder } = readUrl(link, { ...view, ...none }, vocabulary).view;
  return fieldsOf(splits) === fieldsOf(view.splits)
    ? { ...view, splits, having, percent, recordsOrder }
    : view;
}

/** What the dashboard's link says of the rows of its tiles, with that of a tile as it is now. */
export function tileRowsIn(
  search: string,
  changed: { readonly tile: string; readonly rows: TileRows } | null,
): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => name.startsWith(TILE));
  if (changed === null) return after(kept);
  const name = TILE + changed.tile;
  return after([
    ...kept.filter((pair) => pair[0] !== name),
    [name, searchOf(writeRows(changed.rows)).slice(1)],
  ]);
}

function after(pairs: readonly (readonly [string, string])[]): string {
  return pairs.length === 0 ? '' : searchOf(pairs).replace('?', '&');
}

function fieldsOf(splits: View['splits']): string {
  return splits.map(({ field }) => field).join();
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
