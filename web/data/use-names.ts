import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { getJson } from './api.ts';

/** The names of addresses by the inventory. */
export type Names = ReadonlyMap<string, string>;

export const NamesContext = createContext<Names>(new Map());

export const NamesProvider = NamesContext.Provider;

const none: Names = new Map();

/** The names that the store's inventory gives addresses now: one call a revision of the store, whatever is shown. */
export function useNames(revision: number | null): Names {
  const { data } = useQuery({
    queryKey: ['names', revision],
    enabled: revision !== null,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const { names } = await getJson<{ names: readonly (readonly [string, string])[] }>(
        '/api/v1/names',
        signal,
      );
      return new Map(names);
    },
  });
  // Without names the page is as good as ever: what went wrong shows elsewhere.
  return data ?? none;
}

/** The name of an address, to stand beside it; null: it has none. */
export function useAddressName(address: unknown): string | null {
  const names = useContext(NamesContext);
  return typeof address === 'string' ? (names.get(address) ?? null) : null;
}
