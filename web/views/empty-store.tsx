import type { ReactNode } from 'react';
import { counted } from '../format/numbers.ts';
import '../parts/panel.css';

/** There are no flows that could be shown: how to get some, or how to ask about those without a time. */
export function EmptyStore(props: { readonly untimed: number }): ReactNode {
  return (
    <main className="center">
      <div className="panel">{props.untimed > 0 ? <Untimed count={props.untimed} /> : <NoFlows />}</div>
    </main>
  );
}

function NoFlows(): ReactNode {
  return (
    <>
      <h2>There are no flows here yet</h2>
      <p>
        Load your own flow logs: a file, a folder or a glob of files as AWS wrote them, gzipped or not, text
        or Parquet.
      </p>
      <code>{'peephole ingest path/to/AWSLogs/'}</code>
      <p>
        This page shows them as soon as they are in. If it was started with “--store”, give this command the
        same.
      </p>
      <p>
        Or look around in the logs of a simulated company first; they are kept apart and open a page of their
        own.
      </p>
      <code>{'peephole demo'}</code>
    </>
  );
}

/** Logs with neither start nor end nor a timestamp. */
function Untimed(props: { readonly count: number }): ReactNode {
  return (
    <>
      <h2>{counted(props.count, 'flow', 'flows')} without a time</h2>
      <p>
        This page shows flows over time, and none of these says when it was: the logs hold neither “start” nor
        “end”, and no timestamp of their events.
      </p>
      <p>They are in the store all the same. Ask about them like this:</p>
      <code>{"peephole sql 'SELECT * FROM flows'"}</code>
      <p>Load logs with a time, and this page shows those.</p>
    </>
  );
}
