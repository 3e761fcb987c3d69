import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AccountCoverage } from '../../src/model/account-coverage.ts';
import { getJson } from './api.ts';

/** In which hours there are logs of each account and region, of a state of the store. */
export function useAccountCoverage(revision: number): {
  readonly coverage: AccountCoverage | null;
  readonly error: Error | null;
} {
  const { data, error } = useQuery({
    queryKey: ['account-coverage', revision],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => getJson<AccountCoverage>('/api/v1/coverage', signal),
  });
  return { coverage: data ?? null, error };
}
