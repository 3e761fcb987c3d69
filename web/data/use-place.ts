import type { QueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { MOST_PLACES, type Place, type PlacesAnswer } from '../../src/model/places/places.ts';
import { isOutside } from '../../src/view/format/outside.ts';
import { postJson } from './api.ts';
import { PlaceLoader } from './place-loader.ts';
import { isForeground } from './query-priority.ts';

const PlacesContext = createContext<PlaceLoader | null>(null);

export const PlacesProvider = PlacesContext.Provider;

/** The places for a page, requested when no query that the user waits for is pending. */
export function placesFor(client: QueryClient): PlaceLoader {
  const loader = new PlaceLoader({
    most: MOST_PLACES,
    ask: (addresses) => postJson<PlacesAnswer>('/api/v1/places', { addresses }, new AbortController().signal),
    // By the second frame the first one is painted.
    later: (work) => requestAnimationFrame(() => requestAnimationFrame(work)),
    mayAsk: () => client.isFetching({ predicate: isForeground }) === 0,
  });
  client.getQueryCache().subscribe(() => loader.wake());
  return loader;
}

/** Country and network operator of an outside address, to show beside it; null: unknown, not loaded, or inside. */
export function usePlace(address: string | null): Place | null {
  const loader = useContext(PlacesContext);
  const outside = address !== null && isOutside(address) ? address : null;
  const show = useCallback(
    (changed: () => void) => (loader === null || outside === null ? nothing : loader.show(outside, changed)),
    [loader, outside],
  );
  return useSyncExternalStore(show, () =>
    loader === null || outside === null ? null : loader.placeOf(outside),
  );
}

const nothing = (): void => undefined;
