import type { ReactNode } from 'react';
import { safeText } from '../../src/model/safe-text.ts';
import type { DoorGroup } from '../../src/model/visits/door.ts';
import { requestText } from '../../src/model/visits/visit-request.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';

/** What visitors request: one row for equal requests. */
export function GroupTable(props: {
  readonly groups: readonly DoorGroup[];
  readonly more: number;
  readonly onPort: (port: number) => void;
}): ReactNode {
  return (
    <section className="door-card">
      <h2>What they request</h2>
      <div className="door-scroll" tabIndex={0} role="region" aria-label="What they request">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">Addresses</th>
              <th scope="col">Visits</th>
              <th scope="col">Port</th>
              <th scope="col">Requested host</th>
              <th scope="col">Request</th>
              <th scope="col">Agent</th>
            </tr>
          </thead>
          <tbody>
            {props.groups.map((group) => (
              <tr key={group.example}>
                <td className="door-number">{formatCount(group.source_count)}</td>
                <td className="door-number">{formatCount(group.visits)}</td>
                <td className="door-number">
                  <button type="button" className="link" onClick={() => props.onPort(group.port)}>
                    {group.port}
                    {group.protocol === 'udp' ? '/udp' : ''}
                  </button>
                </td>
                <td className="mono door-text">{group.host === '' ? '–' : safeText(group.host)}</td>
                <td className="mono door-text">{safeText(requestText(group))}</td>
                <td className="mono door-text">{group.agent === '' ? '–' : safeText(group.agent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.more > 0 && <p className="hint">… and {counted(props.more, 'more group')}.</p>}
    </section>
  );
}
