import type { QueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { MOST_PLACES, type Place, type PlacesAnswer } from '../../src/model/places/places.ts';
import { isOutside } from '../format/outside.ts';
import { postJson } from './api.ts';
import { PlaceBook } from './place-book.ts';
import { isAwaited } from './turns.ts';

const PlacesContext = createContext<PlaceBook | null>(null);

export const PlacesProvider = PlacesContext.Provider;

/** The places for a page: they are asked for when nothing is on its way that the user waits for. */
export function placesFor(client: QueryClient): PlaceBook {
  const book = new PlaceBook({
    most: MOST_PLACES,
    ask: (addresses) => postJson<PlacesAnswer>('/api/v1/places', { addresses }, new AbortController().signal),
    // By the second frame the first one is painted.
    later: (work) => requestAnimationFrame(() => requestAnimationFrame(work)),
    mayAsk: () => client.isFetching({ predicate: isAwaited }) === 0,
  });
  client.getQueryCache().subscribe(() => book.wake());
  return book;
}

/** Where an address outside is and who runs its network, to stand beside it; null: not known, not yet, or it is inside. */
export function usePlace(address: string | null): Place | null {
  const book = useContext(PlacesContext);
  const outside = address !== null && isOutside(address) ? address : null;
  const show = useCallback(
    (changed: () => void) => (book === null || outside === null ? nothing : book.show(outside, changed)),
    [book, outside],
  );
  return useSyncExternalStore(show, () => (book === null || outside === null ? null : book.placeOf(outside)));
}

const nothing = (): void => undefined;
