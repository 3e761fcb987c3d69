import { useIsFetching } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { isShown } from '../data/query-priority.ts';

/** The page around everything; it says whether answers are on their way, and draws nothing else again when that changes. */
export function Shell(props: { readonly children: ReactNode }): ReactNode {
  const busy = useIsFetching({ predicate: isShown }) > 0;
  return (
    <div className="app" aria-busy={busy}>
      {props.children}
    </div>
  );
}
