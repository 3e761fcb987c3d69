import type { ReactNode } from 'react';
import { SOURCES, follow } from '../data/location.ts';
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
      <h2>No flows yet</h2>
      <p>
        Load your own flow logs: a file, a folder or a glob of files as AWS wrote them, gzipped or not, text
        or Parquet.
      </p>
      <code>{'peephole ingest path/to/AWSLogs/'}</code>
      <p>
        They appear here as soon as they are ingested. If the server was started with “--store”, give this
        command the same.
      </p>
      <p>
        To go on with what comes later, follow where the logs are delivered, beside the server:{' '}
        <a className="link" href={SOURCES} onClick={follow}>
          Sources
        </a>{' '}
        shows how that goes.
      </p>
      <code>{'peephole serve --source path/to/AWSLogs/'}</code>
      <p>
        Or explore the logs of a simulated company first; they are stored separately and opened on a page of
        their own.
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
        This page shows flows over time, but these have no time: the logs contain neither “start” nor “end”,
        nor an event timestamp.
      </p>
      <p>They are in the store. Query them with SQL:</p>
      <code>{"peephole sql 'SELECT * FROM flows'"}</code>
      <p>Flows with a time are shown here once they are ingested.</p>
    </>
  );
}
