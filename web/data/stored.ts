import { useSyncExternalStore } from 'react';

/** A value that this browser remembers, the same in every tab. */
export interface Stored<Value> {
  /** The value now, and how to change it: false if the browser keeps nothing, so that it lasts as long as the page. */
  readonly use: () => readonly [Value, (next: Value) => boolean];
}

/** `read` parses the stored text, which may be anything; null: nothing was stored. */
export function stored<Value>(key: string, read: (json: unknown) => Value): Stored<Value> {
  const changed = new EventTarget();
  let current: Value | undefined;

  const now = (): Value => (current ??= read(parsed(key)));
  const change = (next: Value): boolean => {
    current = next;
    const kept = keep(key, next);
    changed.dispatchEvent(new Event('change'));
    return kept;
  };
  const subscribe = (listener: () => void): (() => void) => {
    const elsewhere = (event: StorageEvent): void => {
      if (event.key !== key && event.key !== null) return;
      current = undefined;
      listener();
    };
    changed.addEventListener('change', listener);
    window.addEventListener('storage', elsewhere);
    return () => {
      changed.removeEventListener('change', listener);
      window.removeEventListener('storage', elsewhere);
    };
  };
  return { use: () => [useSyncExternalStore(subscribe, now), change] };
}

/** Storage may be forbidden, and its content may be anything. */
function parsed(key: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function keep(key: string, value: unknown): boolean {
  try {
    window.localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
