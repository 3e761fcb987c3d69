import type { ReactNode } from 'react';
import { useEngineStatus } from '../data/use-engine-status.ts';
import type { Schema } from '../data/use-schema.ts';
import { counted } from '../../src/view/format/numbers.ts';

/** The database server of the store: what is up to date there, and what it doesn't support; nothing for a store in files. */
export function EngineCard(props: { readonly schema: Schema }): ReactNode {
  const { schema } = props;
  const status = useEngineStatus();
  const cannot = Object.values(schema.unsupported);
  if (status === null || status.where === null) return null;
  const { failure, segments, supervisor, ledger, copying, only_here: onlyHere } = status;
  const { waiting_tasks: waiting, rollup_failure: rollupFailure } = status;
  const missing = segments?.unavailable ?? 0;
  return (
    <section className="source" aria-label="Database">
      <header>
        <h2>
          {schema.engine} at {status.where}
        </h2>
        {failure !== null && <span>It does not say what it holds: {failure}</span>}
        {segments !== null && (
          <span>
            {counted(segments.total, 'segment', 'segments')}
            {missing === 0 ? '' : `, ${missing} of them on no server: queries that need them are refused`}
            {segments.in_tasks === 0 ? '' : `, and ${segments.in_tasks} that tasks still write`}
          </span>
        )}
        {waiting > 0 && <span>{counted(waiting, 'task', 'tasks')} without a free slot, not begun</span>}
        {rollupFailure !== null && (
          <span>The hourly rollup did not answer, so the flows did, which takes longer: {rollupFailure}</span>
        )}
        {supervisor !== null && (
          <span>
            Kafka supervisor {supervisor.state.toLowerCase().replaceAll('_', ' ')}
            {supervisor.lag === null ? '' : `, ${counted(supervisor.lag, 'message', 'messages')} behind`}
          </span>
        )}
        {copying && <span>A copy into it is not complete: flows are missing until it is</span>}
        {ledger !== null && ledger.failure !== null && (
          <span>What other processes have taken in since is not seen: {ledger.failure}</span>
        )}
      </header>
      {onlyHere.length > 0 && (
        <p>
          Only in this server’s folder, not in {schema.engine}: {onlyHere.join(', ')}. Other processes that
          use this database have their own.
        </p>
      )}
      {cannot.length > 0 && (
        <ul className="source-cannot" aria-label={`Not supported with ${schema.engine}`}>
          {[...new Set(cannot)].map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
