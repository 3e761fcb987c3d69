import { type MouseEvent, useSyncExternalStore } from 'react';

/** The screens, by their paths. */
export const EXPLORER = '/';
/** A view without navigation, to embed in other pages. */
export const EMBED = '/embed';
/** A tile of a dashboard alone: `/embed/dashboards/ID/TILE`. */
export const EMBEDDED_TILE = '/embed/dashboards';
export const KNOCKS = '/knocks';
export const DOOR = '/door';
export const SOURCES = '/sources';
export const ALERTS = '/alerts';
export const MAP = '/map';
export const DASHBOARDS = '/dashboards';

const changed = new EventTarget();

/** Marks history entries that this page made, so that going back stays within the page. */
const PUSHED = 'view';

/** The last state of the explorer, for links back to it. */
let explored = '';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  changed.addEventListener('change', listener);
  return () => {
    window.removeEventListener('popstate', listener);
    changed.removeEventListener('change', listener);
  };
}

/** The path of the page, as it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

/** The query string of the page, as it changes. The URL holds the state, so back and forward need nothing else. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => window.location.search);
}

/** Navigates within the page; `replace` makes no history entry. */
export function navigate(url: string, how: 'push' | 'replace' = 'push'): void {
  const { pathname, search } = window.location;
  const next = new URL(url, window.location.href);
  if (next.pathname === pathname && next.search === search) return;
  if (pathname === EXPLORER) explored = search;
  if (how === 'push') window.history.pushState(PUSHED, '', url);
  else window.history.replaceState(window.history.state, '', url);
  changed.dispatchEvent(new Event('change'));
}

/** The query string of the explorer when it was left; empty: it was not open yet. */
export function lastExplored(): string {
  return explored;
}

/** Goes back to the state before the last change; null if the page was opened with this one. */
export function undo(): (() => void) | null {
  return window.history.state === PUSHED ? () => window.history.back() : null;
}

/** Whether a view or a tile is shown alone, in a frame. */
function isEmbedded(path: string): boolean {
  return path === EMBED || path.startsWith(`${EMBED}/`);
}

/** Shows another screen: in a tab of its own where a view or a tile is alone. */
export function leaveTo(url: string): void {
  if (isEmbedded(window.location.pathname)) window.open(url, '_blank', 'noopener');
  else navigate(url);
}

/** Follows a link within the page, except when a key or button opens another tab. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  const wantsTab = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  if (wantsTab || event.defaultPrevented) return;
  event.preventDefault();
  leaveTo(event.currentTarget.href);
}
