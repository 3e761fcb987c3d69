import { useSyncExternalStore } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { DASHBOARDS, navigate } from './location.ts';

/** A tile whose view is being changed in the explorer, and its dashboard with the other unsaved changes. */
export interface EditedTile {
  readonly dashboard: string;
  readonly tile: string;
  /** The dashboard before the change of the tile, and the saved version that it is based on. */
  readonly draft: DashboardContent;
  readonly version: number;
  /** The dashboard's query string. */
  readonly search: string;
}

/** Unsaved changes of a dashboard: each draft is a change of the one before. */
export interface Unsaved {
  readonly drafts: readonly DashboardContent[];
  readonly version: number;
}

/** In session storage, so that it survives a reload. */
const KEY = 'peephole-edited-tile';
const changed = new EventTarget();
let current: EditedTile | null | undefined;
/** What the dashboard restores when it opens again. */
let returned: { readonly dashboard: string; readonly unsaved: Unsaved } | null = null;

/** The tile that is being changed, or null. */
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

/** Returns to the dashboard, with `change` applied to its tile. */
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
 * The unsaved changes of a dashboard that is opened, whether a tile was finished in the explorer or the explorer was
 * left some other way.
 */
export function unsavedOf(dashboard: string): Unsaved | null {
  if (returned?.dashboard === dashboard) return returned.unsaved;
  const left = current === undefined ? stored() : current;
  return left?.dashboard === dashboard ? { drafts: [left.draft], version: left.version } : null;
}

/** The dashboard is open and has the unsaved changes. */
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
    // Without storage it lasts until the page is closed.
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
