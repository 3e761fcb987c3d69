import type { ReactNode } from 'react';

/** Nobody is knocking, or nobody of that kind. */
export function NoFindings(props: {
  /** Whether the kind is what leaves none. */
  readonly kind: boolean;
  /** Whether all time is looked at already. */
  readonly all: boolean;
  /** Whether anything could be investigated. */
  readonly looked: boolean;
  readonly onAllKinds: () => void;
  readonly onAllTime: () => void;
}): ReactNode {
  return (
    <div className="panel">
      <h2>{props.kind ? 'None of this kind' : props.looked ? 'Nobody worth a word' : 'Not investigated'}</h2>
      <p>
        {props.kind
          ? 'There are findings of other kinds in this time.'
          : !props.looked
            ? 'There are no flows here that could be looked through one by one.'
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
