import { useQuery } from '@tanstack/react-query';
import type { StoredDocument } from '../../src/model/document/document.ts';
import type { StoreSchema } from '../../src/model/store-schema.ts';
import { type Dimension, type Schema, schemaOf } from '../state/schema.ts';
import { getJson } from './api.ts';
import { useRefresh } from './refresh.ts';

export type { Dimension, Schema };

/** Milliseconds between two looks at a store without flows: what is sent to it shows within five seconds. */
const EMPTY_EVERY = 3_000;

/** The schema of the store; asked for again now and then, since logs may come in. */
export function useSchema(): { schema: Schema | null; error: Error | null; refetch: () => void } {
  const [every] = useRefresh();
  const { data, error, refetch } = useQuery({
    queryKey: ['schema'],
    queryFn: async ({ signal }) => {
      const [json, named] = await Promise.all([
        getJson<StoreSchema>('/api/v1/schema', signal),
        getJson<readonly StoredDocument<'measures'>[]>('/api/v1/measures', signal),
      ]);
      return schemaOf(json, named);
    },
    // A store without flows is watched whatever was chosen: the page says so.
    refetchInterval: ({ state }) =>
      state.data?.span == null ? EMPTY_EVERY : every === null ? false : every * 1000,
    structuralSharing: (before, after) => (sameStore(before, after) ? before : after),
  });
  return { schema: data ?? null, error, refetch: () => void refetch() };
}

/** Keeps the old value while nothing came in, so that the page doesn't stir. */
function sameStore(before: unknown, after: unknown): boolean {
  const [a, b] = [before as Schema | undefined, after as Schema];
  return (
    a !== undefined &&
    a.revision === b.revision &&
    a.dimensions.length === b.dimensions.length &&
    JSON.stringify(a.named) === JSON.stringify(b.named)
  );
}
