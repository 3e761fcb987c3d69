import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { lookAgain } from '../data/look-again.ts';
import { problemTitle, problemWords } from '../data/problem-words.ts';
import { isRequestFault } from '../data/request-problem.ts';
import './small-problem.css';

/** An error in a small place, such as a tile or a menu; where asking again may help, with a button for all that failed. */
export function SmallProblem({ error }: { readonly error: Error }): ReactNode {
  const client = useQueryClient();
  return (
    <div className="small-problem" role="alert">
      <b>{problemTitle(error)}</b>
      <p>{problemWords(error)}</p>
      {!isRequestFault(error) && (
        <button type="button" className="button" onClick={() => lookAgain(client)}>
          Try again
        </button>
      )}
    </div>
  );
}
