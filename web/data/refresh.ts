import { useSyncExternalStore } from 'react';

/** How often the page looks for new flows, in seconds; null: only when asked. */
export type Refresh = number | null;

export const refreshes: readonly { readonly every: Refresh; readonly label: string }[] = [
  { every: null, label: 'Off' },
  { every: 3, label: 'Every 3 seconds' },
  { every: 10, label: 'Every 10 seconds' },
  { every: 30, label: 'Every 30 seconds' },
  { every: 60, label: 'Every minute' },
  { every: 300, label: 'Every 5 minutes' },
  { every: 900, label: 'Every 15 minutes' },
  { every: 1800, label: 'Every 30 minutes' },
];

const KEY = 'peephole-refresh';
/** Pushed records are on the page within five seconds; polling is cheap while there is nothing new. */
const USUAL = 3;

const changed = new EventTarget();
let current: Refresh | undefined;

/** The choice that is remembered in this browser. */
function read(): Refresh {
  if (current !== undefined) return current;
  try {
    const text = window.localStorage.getItem(KEY);
    current = text === 'off' ? null : (refreshes.find(({ every }) => every === Number(text))?.every ?? USUAL);
  } catch {
    current = USUAL;
  }
  return current;
}

function write(every: Refresh): void {
  current = every;
  try {
    window.localStorage.setItem(KEY, every === null ? 'off' : String(every));
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  changed.dispatchEvent(new Event('change'));
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener('change', listener);
  return () => changed.removeEventListener('change', listener);
}

export function useRefresh(): readonly [Refresh, (every: Refresh) => void] {
  return [useSyncExternalStore(subscribe, read), write];
}
