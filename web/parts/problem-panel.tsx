import type { ReactNode } from 'react';
import { undo } from '../data/location.ts';
import { Problem, isAsked } from '../data/problem.ts';
import './controls.css';
import './panel.css';

/** A way out of a problem, as a button. */
export interface WayOut {
  readonly label: string;
  readonly take: () => void;
}

/** What went wrong, in the place of the picture, and the ways out, the best one first. */
export function ProblemPanel(props: {
  readonly error: Error;
  readonly onRetry: () => void;
  /** Where what was asked is at fault: ways to ask something else. */
  readonly ways?: readonly WayOut[];
  /** What is meant, before the sentence that says what is wrong with it. */
  readonly about?: string | undefined;
}): ReactNode {
  const { error, ways = [] } = props;
  const problem = error instanceof Problem ? error : null;
  // Asking again what is at fault itself would not help.
  const retry = isAsked(error) ? [] : [{ label: 'Try again', take: props.onRetry }];
  const all = [...retry, ...ways];
  return (
    <div className="panel panel-bad" role="alert">
      <h2>{problem?.title ?? 'Something went wrong in this page'}</h2>
      <p>
        {props.about !== undefined && <b>{props.about}: </b>}
        {problem?.words ?? error.message}
      </p>
      {problem !== null && problem.allowed.length > 0 && (
        <p>Allowed: {problem.allowed.slice(0, 20).join(', ')}</p>
      )}
      <div className="panel-actions">
        {all.map(({ label, take }, at) => (
          <button
            key={label}
            type="button"
            className={at === 0 ? 'button button-main' : 'button'}
            onClick={take}
          >
            {label}
          </button>
        ))}
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

/** The way back to what was there before the last change; none if the page was opened with this. */
export function waysBack(): readonly WayOut[] {
  const back = undo();
  return back === null ? [] : [{ label: 'Undo the last change', take: back }];
}
