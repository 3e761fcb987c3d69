import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { StoredDocument } from '../../src/model/document/document.ts';
import type { StoreSchema } from '../../src/model/store-schema.ts';
import { type Dimension, type Schema, schemaOf } from '../../src/view/schema.ts';
import { getJsonWithin } from './api.ts';
import { repeatUnreached } from './look-again.ts';
import { useRefresh } from './refresh.ts';

export type { Dimension, Schema };

/** Milliseconds between requests while the store has no flows, so that new records show within five seconds. */
const EMPTY_EVERY = 3_000;
/** Milliseconds after which a server that says nothing does not answer, as “live” then says. */
const ANSWERS_WITHIN = 30_000;
/** Milliseconds between requests for the names of measures. */
const NAMES_EVERY = 60_000;

/**
 * The schema of the store; reloaded regularly, since logs may arrive. Named measures change rarely and are reloaded
 * less often; a reload of `schema` loads both.
 */
export function useSchema(): { schema: Schema | null; error: Error | null; refetch: () => void } {
  const [every] = useRefresh();
  const store = useQuery({
    queryKey: ['schema', 'store'],
    queryFn: ({ signal }) => getJsonWithin<StoreSchema>('/api/v1/schema', signal, ANSWERS_WITHIN),
    // A store without flows is polled whatever was chosen, as the page says.
    refetchInterval: ({ state }) =>
      state.data?.store.from == null ? EMPTY_EVERY : every === null ? false : every * 1000,
    structuralSharing: (before, after) => (sameStore(before, after) ? before : after),
  });
  const named = useQuery({
    queryKey: ['schema', 'measures'],
    queryFn: ({ signal }) =>
      getJsonWithin<readonly StoredDocument<'measures'>[]>('/api/v1/measures', signal, ANSWERS_WITHIN),
    refetchInterval: every === null ? false : NAMES_EVERY,
    refetchOnWindowFocus: 'always',
  });
  const client = useQueryClient();
  // The server answers: what it did not answer a moment ago is asked again.
  useEffect(() => {
    if (store.dataUpdatedAt > 0) repeatUnreached(client);
  }, [client, store.dataUpdatedAt]);
  const schema = useMemo(
    () => (store.data === undefined || named.data === undefined ? null : schemaOf(store.data, named.data)),
    [store.data, named.data],
  );
  const refetch = (): void => {
    void store.refetch();
    void named.refetch();
  };
  // While it is asked again, what went wrong stays in sight.
  const failure = store.error ?? named.error;
  const [last, setLast] = useState(failure);
  if (failure !== null && failure !== last) setLast(failure);
  return { schema, error: schema === null ? last : failure, refetch };
}

/** Keeps the old object while nothing changed, so that the page is not rendered again. */
function sameStore(before: unknown, after: unknown): boolean {
  const [a, b] = [before as StoreSchema | undefined, after as StoreSchema];
  return (
    a !== undefined && a.store.revision === b.store.revision && a.dimensions.length === b.dimensions.length
  );
}
