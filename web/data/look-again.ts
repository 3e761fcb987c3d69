import type { QueryClient } from '@tanstack/react-query';
import { isRequestFault, isUnreached } from './request-problem.ts';

/** Asks for the schema of the store anew, and repeats what failed, unless it can only fail again. */
export function lookAgain(client: QueryClient): void {
  void client.refetchQueries({ queryKey: ['schema'] });
  void client.refetchQueries({
    type: 'active',
    predicate: ({ queryKey, state: { error } }) =>
      queryKey[0] !== 'schema' && error !== null && !isRequestFault(error),
  });
}

/** Repeats what no answer came to: the server answers again. */
export function repeatUnreached(client: QueryClient): void {
  void client.refetchQueries({
    type: 'active',
    predicate: ({ queryKey, state: { error } }) =>
      queryKey[0] !== 'schema' && error !== null && isUnreached(error),
  });
}
