import { createContext, useContext } from 'react';

/** How the request for the schema of the store is going, for pages that have none yet. */
export interface SchemaRequest {
  /** Why it failed the last time; null: it did not. */
  readonly error: Error | null;
  readonly refetch: () => void;
}

const context = createContext<SchemaRequest>({ error: null, refetch: () => undefined });

export const SchemaRequestProvider = context.Provider;

export function useSchemaRequest(): SchemaRequest {
  return useContext(context);
}
