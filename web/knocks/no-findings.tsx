import type { ReactNode } from 'react';

/** Message for no findings, or none that match the filters. */
export function NoFindings(props: {
  /** Why existing findings are not shown: none match the filters, or all are set aside; null: there are none. */
  readonly hidden: 'filtered' | 'aside' | null;
  /** Whether the range is all time already. */
  readonly all: boolean;
  /** Whether the investigation could run. */
  readonly looked: boolean;
  readonly onAllKinds: () => void;
  readonly onAllTime: () => void;
}): ReactNode {
  return (
    <div className="panel">
      <h2>{titleOf(props)}</h2>
      <p>{textOf(props)}</p>
      <div className="panel-actions">
        {props.hidden === 'filtered' && (
          <button type="button" className="button button-main" onClick={props.onAllKinds}>
            Show all findings
          </button>
        )}
        {props.hidden === null && !props.all && (
          <button type="button" className="button button-main" onClick={props.onAllTime}>
            Show all time
          </button>
        )}
      </div>
    </div>
  );
}

type Reason = Pick<Parameters<typeof NoFindings>[0], 'hidden' | 'looked'>;

function titleOf({ hidden, looked }: Reason): string {
  if (hidden === 'filtered') return 'No findings of this kind and state';
  if (hidden === 'aside') return 'No open findings';
  return looked ? 'No findings' : 'Not investigated';
}

function textOf({ hidden, looked }: Reason): string {
  if (hidden === 'filtered') return 'There are others in this time range.';
  if (hidden === 'aside')
    return 'All findings of this time range are acknowledged, muted or solved: see below.';
  return looked
    ? 'No repeated attempts, scans or brute force in this time range, as far as it was logged.'
    : 'Single flows are no longer stored for this time range, so it can’t be investigated.';
}
