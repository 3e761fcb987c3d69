import type { ReactNode } from 'react';
import { undo } from '../data/location.ts';
import { isRequestFault } from '../data/request-problem.ts';
import { problemTitle, problemWords } from '../data/problem-words.ts';
import type { QuestionFault } from '../state/question-fault.ts';
import './controls.css';
import './panel.css';

/** A button that resolves a problem. */
export interface ProblemAction {
  readonly label: string;
  readonly take: () => void;
}

/** An error in the place of the chart, with buttons to resolve it, the best one first. */
export function ProblemPanel(props: {
  readonly error: Error;
  /** The label of the button that calls `onRetry`. */
  readonly retry?: string;
  readonly onRetry: () => void;
  /** If the query is invalid: buttons that change it. */
  readonly ways?: readonly ProblemAction[];
  /** The invalid part of the query, and the reason. */
  readonly fault?: QuestionFault | undefined;
}): ReactNode {
  const { error, ways = [], fault } = props;
  // Repeating an invalid query would not help.
  const retry = isRequestFault(error) ? [] : [{ label: props.retry ?? 'Try again', take: props.onRetry }];
  const all = [...retry, ...ways];
  return (
    <div className="panel panel-bad" role="alert">
      <h2>{problemTitle(error)}</h2>
      <p>
        {fault != null && fault.about !== null && <b>{fault.about}: </b>}
        {fault?.why ?? problemWords(error)}
      </p>
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
    </div>
  );
}

/** A button that undoes the last change; none if the page was opened with this view. */
export function undoActions(): readonly ProblemAction[] {
  const back = undo();
  return back === null ? [] : [{ label: 'Undo the last change', take: back }];
}
