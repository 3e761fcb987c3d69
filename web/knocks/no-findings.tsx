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
      <h2>{props.kind ? 'No findings of this kind' : props.looked ? 'No findings' : 'Not investigated'}</h2>
      <p>
        {props.kind
          ? 'There are findings of other kinds in this time range.'
          : !props.looked
            ? 'Single flows are no longer stored for this time range, so it can’t be investigated.'
            : 'No repeated attempts, scans or brute force in this time range, as far as it was logged.'}
      </p>
      <div className="panel-actions">
        {props.kind ? (
          <button type="button" className="button button-main" onClick={props.onAllKinds}>
            Show all kinds
          </button>
        ) : (
          !props.all && (
            <button type="button" className="button button-main" onClick={props.onAllTime}>
              Show all time
            </button>
          )
        )}
      </div>
    </div>
  );
}
