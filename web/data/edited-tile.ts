import { useSyncExternalStore } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { DASHBOARDS, navigate } from './location.ts';

/** A tile whose view is being changed in the explorer, and the dashboard that waits for it, with what else was changed. */
export interface EditedTile {
  readonly dashboard: string;
  readonly tile: string;
  /** What the dashboard was before the change of the tile, and the version that all of it is a change of. */
  readonly draft: DashboardContent;
  readonly version: number;
  /** The dashboard's query string. */
  readonly search: string;
}

/** What of a dashboard was changed and is not saved: each draft is a change of the one before. */
export interface Unsaved {
  readonly drafts: readonly DashboardContent[];
  readonly version: number;
}

/** In the tab's storage, so that it outlasts loading the page again. */
const KEY = 'peephole-edited-tile';
const changed = new EventTarget();
let current: EditedTile | null | undefined;
/** What the dashboard takes up when it is there again. */
let returned: { readonly dashboard: string; readonly unsaved: Unsaved } | null = null;

/** The tile that is being changed; null: none is. */
export function useEditedTile(): EditedTile | null {
  return useSyncExternalStore(
    (listener) => {
      changed.addEventListener('change', listener);
      return () => changed.removeEventListener('change', listener);
    },
    () => (current === undefined ? (current = stored()) : current),
  );
}

/** Opens the explorer for a tile. */
export function editTile(tile: EditedTile, explorer: string): void {
  keep(tile);
  navigate(explorer);
}

/** Leads back to the dashboard, whose tile is what `change` makes of it. */
export function returnTile(
  { dashboard, tile, draft, version, search }: EditedTile,
  change: (tile: DashboardContent['tiles'][number]) => DashboardContent['tiles'][number],
): void {
  const tiles = draft.tiles.map((each) => (each.id === tile ? change(each) : each));
  returned = { dashboard, unsaved: { drafts: [draft, { ...draft, tiles }], version } };
  keep(null);
  navigate(`${DASHBOARDS}/${dashboard}${search}`);
}

/**
 * What is not saved of a dashboard that is opened: after a tile came back from the explorer, or when one did not, however
 * the explorer was left.
 */
export function unsavedOf(dashboard: string): Unsaved | null {
  if (returned?.dashboard === dashboard) return returned.unsaved;
  const left = current === undefined ? stored() : current;
  return left?.dashboard === dashboard ? { drafts: [left.draft], version: left.version } : null;
}

/** The dashboard is there, and has what was not saved. */
export function forgetUnsaved(dashboard: string): void {
  if (returned?.dashboard === dashboard) returned = null;
  if (current?.dashboard === dashboard) keep(null);
}

function keep(tile: EditedTile | null): void {
  current = tile;
  try {
    if (tile === null) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, JSON.stringify(tile));
  } catch {
    // It lasts as long as the page then.
  }
  changed.dispatchEvent(new Event('change'));
}

function stored(): EditedTile | null {
  try {
    return JSON.parse(window.sessionStorage.getItem(KEY) ?? 'null') as EditedTile | null;
  } catch {
    return null;
  }
}
