import type { ReactNode } from 'react';

/** Nobody is knocking, or nobody of that kind. */
export function NoFindings(props: {
  /** Whether the kind is what leaves none. */
  readonly kind: boolean;
  /** Whether all time is looked at already. */
  readonly all: boolean;
  readonly onAllKinds: () => void;
  readonly onAllTime: () => void;
}): ReactNode {
  return (
    <div className="panel">
      <h2>{props.kind ? 'None of this kind' : 'Nobody worth a word'}</h2>
      <p>
        {props.kind
          ? 'There are findings of other kinds in this time.'
          : 'In this time nobody keeps knocking, scans, or guesses at a login, as far as the logs tell.'}
      </p>
      <div className="panel-actions">
        {props.kind ? (
          <button type="button" className="button button-main" onClick={props.onAllKinds}>
            Show all kinds
          </button>
        ) : (
          !props.all && (
            <button type="button" className="button button-main" onClick={props.onAllTime}>
              Look at all time
            </button>
          )
        )}
      </div>
    </div>
  );
}
