import type { Span } from './time/buckets.ts';
import { MINUTE, roughLength } from './time/iso-duration.ts';
import type { TimeChoice } from './view.ts';

/**
 * About what a time choice means for a store that spans `store`: enough to pick a granularity and to
 * say something before the engine has answered. The engine's answer says exactly.
 */
export function rangeOf(time: TimeChoice, store: Span | null): Span {
  const newest = store === null ? 0 : store.to;
  switch (time.kind) {
    case 'absolute':
      return { from: time.from, to: time.to };
    case 'last':
      return { from: newest - roughLength(time.last), to: newest };
    case 'all':
      return store === null
        ? { from: 0, to: MINUTE }
        : { from: store.from, to: Math.max(newest, store.from + MINUTE) };
  }
}
