import type { Span } from './time/buckets.ts';
import { MINUTE, roughLength } from './time/iso-duration.ts';
import type { TimeChoice } from './view.ts';

/** The times of a store's flows: `newest` is what “latest” counts back from; absent: `to`. */
export interface StoreSpan extends Span {
  readonly newest?: number;
}

/**
 * About what a time choice means for a store that spans `store`: enough to pick a granularity and to
 * say something before the engine has answered. The engine's answer says exactly.
 */
export function rangeOf(time: TimeChoice, store: StoreSpan | null): Span {
  switch (time.kind) {
    case 'absolute':
      return { from: time.from, to: time.to };
    case 'last': {
      const newest = store === null ? 0 : (store.newest ?? store.to);
      return { from: newest - roughLength(time.last), to: newest };
    }
    case 'all':
      return store === null
        ? { from: 0, to: MINUTE }
        : { from: store.from, to: Math.max(store.to, store.from + MINUTE) };
  }
}
