import type { ReactNode } from 'react';
import { counted } from '../../src/view/format/numbers.ts';
import { IngestMethodsList } from '../sources/ingest-methods-list.tsx';
import '../parts/panel.css';

/** There are no flows that could be shown: how to get some, or how to ask about those without a time. */
export function EmptyStore(props: { readonly untimed: number; readonly readOnly: boolean }): ReactNode {
  return (
    <main className="center">
      {props.untimed > 0 ? (
        <Untimed count={props.untimed} />
      ) : (
        <IngestMethodsList title="No flows yet" readOnly={props.readOnly} />
      )}
    </main>
  );
}

/** Logs with neither start nor end nor a timestamp. */
function Untimed(props: { readonly count: number }): ReactNode {
  return (
    <div className="panel">
      <h2>{counted(props.count, 'flow', 'flows')} without a time</h2>
      <p>
        This page shows flows over time, but these have no time: the logs contain neither “start” nor “end”,
        nor an event timestamp.
      </p>
      <p>They are in the store. Query them with SQL:</p>
      <code>{"peephole sql 'SELECT * FROM flows'"}</code>
      <p>Flows with a time are shown here once they are ingested.</p>
    </div>
  );
}
