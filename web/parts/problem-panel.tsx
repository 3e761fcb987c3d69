import type { ReactNode } from 'react';
import { undo } from '../data/location.ts';
import { isRequestFault } from '../data/request-problem.ts';
import { problemTitle, problemWords } from '../data/problem-words.ts';
import type { QuestionFault } from '../state/question-fault.ts';
import './controls.css';
import './panel.css';

/** A way out of a problem, as a button. */
export interface ProblemAction {
  readonly label: string;
  readonly take: () => void;
}

/** What went wrong, in the place of the chart, and the ways out, the best one first. */
export function ProblemPanel(props: {
  readonly error: Error;
  readonly onRetry: () => void;
  /** Where what was asked is at fault: ways to ask something else. */
  readonly ways?: readonly ProblemAction[];
  /** What of the question is meant, and what is wrong with it. */
  readonly fault?: QuestionFault | undefined;
}): ReactNode {
  const { error, ways = [], fault } = props;
  // Asking again what is at fault itself would not help.
  const retry = isRequestFault(error) ? [] : [{ label: 'Try again', take: props.onRetry }];
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

/** The way back to what was there before the last change; none if the page was opened with this. */
export function undoActions(): readonly ProblemAction[] {
  const back = undo();
  return back === null ? [] : [{ label: 'Undo the last change', take: back }];
}
