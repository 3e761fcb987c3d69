import { type ReactNode, useState } from 'react';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import { formatCount } from '../../src/view/format/numbers.ts';
import { useFindingActions } from './finding-actions.ts';
import './finding-state.css';

/** A button that sets all new findings of a list to known; nothing if there are none. */
export function MarkKnown(props: { readonly findings: readonly FindingWithState[] }): ReactNode {
  const fresh = props.findings.filter(({ state }) => state === 'new');
  const { markKnown, readOnly } = useFindingActions();
  const [busy, setBusy] = useState(false);
  if (fresh.length === 0) return null;
  const mark = async (): Promise<void> => {
    setBusy(true);
    await markKnown(fresh.map(({ id }) => id));
    setBusy(false);
  };
  return (
    <button
      type="button"
      className="state-action"
      disabled={readOnly || busy}
      title={readOnly ? 'This store is read-only' : undefined}
      onClick={() => void mark()}
    >
      {fresh.length === 1
        ? 'Mark the new one as known'
        : `Mark all ${formatCount(fresh.length)} new as known`}
    </button>
  );
}
