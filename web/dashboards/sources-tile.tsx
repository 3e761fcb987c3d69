import type { ReactNode } from 'react';
import { useSources } from '../data/use-sources.ts';
import { formatInterval } from '../../src/view/format/numbers.ts';
import { SmallProblem } from '../parts/small-problem.tsx';

/** The state of each source. */
export function SourcesTile(): ReactNode {
  const { sources, error } = useSources();
  if (error !== null) return <SmallProblem error={error} />;
  if (sources === null) return <p className="hint hint-late">Reading the sources …</p>;
  if (sources.length === 0) return <p className="hint">No source is followed: logs were read once.</p>;
  return (
    <table className="data-table">
      <thead>
        <tr>
          <th>Source</th>
          <th>State</th>
          <th>Behind</th>
          <th>Last error</th>
        </tr>
      </thead>
      <tbody>
        {sources.map(({ id, state, paused, lag_seconds: lag, last_error: problem }) => (
          <tr key={id}>
            <td title={id}>{id}</td>
            <td>{paused ? 'paused' : state}</td>
            <td>{lag === null ? '–' : formatInterval(lag)}</td>
            <td>{problem === null ? '' : typeof problem === 'string' ? problem : problem.message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
