import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { getJson } from './api.ts';

/** The names of addresses by the inventory. */
export type Names = ReadonlyMap<string, string>;

export const NamesContext = createContext<Names>(new Map());

export const NamesProvider = NamesContext.Provider;

const none: Names = new Map();

/** The current names of addresses in the inventory: one request for each revision of the store. */
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
  // The page works without names; the error is shown elsewhere.
  return data ?? none;
}

/** The name of an address, to stand beside it; null: it has none. */
export function useAddressName(address: unknown): string | null {
  const names = useContext(NamesContext);
  return typeof address === 'string' ? (names.get(address) ?? null) : null;
}
