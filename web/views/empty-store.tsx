import type { ReactNode } from 'react';
import '../parts/panel.css';

/** There are no flows yet: how to get some. */
export function EmptyStore(): ReactNode {
  return (
    <main className="center">
      <div className="panel">
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
          Or look around in the logs of a simulated company first; they are kept apart and open a page of
          their own.
        </p>
        <code>{'peephole demo'}</code>
      </div>
    </main>
  );
}
