import type { ReactNode } from 'react';
import '../parts/panel.css';

/** How flow logs come in, where none does yet by itself. */
export function WaysIn(): ReactNode {
  return (
    <div className="panel">
      <h2>No source is followed</h2>
      <p>
        Files are ingested once. To go on with what comes later, follow a source, here or beside the server:
      </p>
      <code>{'peephole serve --source path/to/AWSLogs/\npeephole ingest --follow path/to/AWSLogs/'}</code>
      <p>
        Amazon Data Firehose delivers to <b>/api/v1/firehose</b> once PEEPHOLE_FIREHOSE_KEY is set.
      </p>
    </div>
  );
}
