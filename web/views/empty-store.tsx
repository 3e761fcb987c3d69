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
        <p>Or look around in simulated ones first, with a knocking to be found in them.</p>
        <code>{'peephole demo'}</code>
        <p>This page notices when flows come in.</p>
      </div>
    </main>
  );
}
