import type { ReactNode } from 'react';
import { Problem } from '../data/problem.ts';
import './controls.css';
import './panel.css';

/** What went wrong, in the place of the picture, and the ways out. */
export function ProblemPanel(props: {
  readonly error: Error;
  readonly onRetry: () => void;
  /** Null: there is nothing to go back to. */
  readonly onBack?: (() => void) | null;
}): ReactNode {
  const { error } = props;
  const problem = error instanceof Problem ? error : null;
  // What was asked is at fault: asking it again would not help.
  const asked = problem !== null && problem.status >= 400 && problem.status < 500;
  return (
    <div className="panel panel-bad" role="alert">
      <h2>{problem?.title ?? 'Something went wrong in this page'}</h2>
      <p>{error.message}</p>
      {problem !== null && problem.allowed.length > 0 && (
        <p>Allowed: {problem.allowed.slice(0, 20).join(', ')}</p>
      )}
      <div className="panel-actions">
        {(!asked || !props.onBack) && (
          <button type="button" className="button button-main" onClick={props.onRetry}>
            Try again
          </button>
        )}
        {props.onBack && (
          <button type="button" className={asked ? 'button button-main' : 'button'} onClick={props.onBack}>
            Undo the last change
          </button>
        )}
      </div>
      {problem !== null && (
        <div className="panel-code">
          {problem.code}
          {problem.path !== null && ` at ${problem.path}`}
        </div>
      )}
    </div>
  );
}
