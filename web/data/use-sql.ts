import { useQuery } from '@tanstack/react-query';
import { postJson } from './api.ts';

/** The SELECT for a query; null until it is loaded, or if there is none. */
export function useSql(query: unknown): string | null {
  const { data } = useQuery({
    queryKey: ['sql', query],
    queryFn: ({ signal }) => postJson<{ readonly sql: string }>('/api/v1/query/sql', query, signal),
  });
  return data?.sql ? data.sql : null;
}
