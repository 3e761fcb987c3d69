import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { StoredDocument } from '../../src/model/document/document.ts';
import type { StoreSchema } from '../../src/model/store-schema.ts';
import { type Dimension, type Schema, schemaOf } from '../../src/view/schema.ts';
import { getJson } from './api.ts';
import { useRefresh } from './refresh.ts';

export type { Dimension, Schema };

/** Milliseconds between two looks at a store without flows: what is sent to it shows within five seconds. */
const EMPTY_EVERY = 3_000;
/** Milliseconds between two looks at the names of measures. */
const NAMES_EVERY = 60_000;

/**
 * The schema of the store; asked for again now and then, since logs may come in. The names that people gave measures
 * change seldom and are asked for seldom; whatever asks for `schema` anew gets both.
 */
export function useSchema(): { schema: Schema | null; error: Error | null; refetch: () => void } {
  const [every] = useRefresh();
  const store = useQuery({
    queryKey: ['schema', 'store'],
    queryFn: ({ signal }) => getJson<StoreSchema>('/api/v1/schema', signal),
    // A store without flows is watched whatever was chosen: the page says so.
    refetchInterval: ({ state }) =>
      state.data?.store.from == null ? EMPTY_EVERY : every === null ? false : every * 1000,
    structuralSharing: (before, after) => (sameStore(before, after) ? before : after),
  });
  const named = useQuery({
    queryKey: ['schema', 'measures'],
    queryFn: ({ signal }) => getJson<readonly StoredDocument<'measures'>[]>('/api/v1/measures', signal),
    refetchInterval: every === null ? false : NAMES_EVERY,
    refetchOnWindowFocus: 'always',
  });
  const schema = useMemo(
    () => (store.data === undefined || named.data === undefined ? null : schemaOf(store.data, named.data)),
    [store.data, named.data],
  );
  const refetch = (): void => {
    void store.refetch();
    void named.refetch();
  };
  return { schema, error: store.error ?? named.error, refetch };
}

/** Keeps the old value while nothing came in, so that the page doesn't stir. */
function sameStore(before: unknown, after: unknown): boolean {
  const [a, b] = [before as StoreSchema | undefined, after as StoreSchema];
  return (
    a !== undefined && a.store.revision === b.store.revision && a.dimensions.length === b.dimensions.length
  );
}
