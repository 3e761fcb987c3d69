import type { ReactNode } from 'react';
import { safeText } from '../../src/model/safe-text.ts';
import type { DoorSource } from '../../src/model/visits/door.ts';
import { requestText } from '../../src/model/visits/visit-request.ts';
import { counted, formatCount, formatInterval } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import type { Links } from '../knocks/links.ts';
import { AboutLink } from '../parts/about-link.tsx';
import { InnerLink } from '../parts/inner-link.tsx';

/** How many rows are drawn; the others are counted. */
const MOST = 100;

/** Visitors: a row for each address and port, with its earlier traffic in the flow logs. */
export function VisitorTable(props: {
  readonly sources: readonly DoorSource[];
  readonly more: number;
  readonly timezone: string;
  readonly links: Links;
  readonly onSource: (address: string) => void;
}): ReactNode {
  const { sources, timezone, links } = props;
  const shown = sources.slice(0, MOST);
  const more = props.more + sources.length - shown.length;
  return (
    <section className="door-card">
      <h2>Who came</h2>
      <div className="door-scroll" tabIndex={0} role="region" aria-label="Who came">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Visits</th>
              <th scope="col">Every</th>
              <th scope="col">Wants</th>
              <th scope="col">Knocks</th>
              <th scope="col">Since</th>
              <th scope="col">From</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((source) => {
              const { address, port, want, knocks } = source;
              const flows = links.query({
                filter: [
                  { field: 'srcaddr', in: [address] },
                  { field: 'dstport', in: [port] },
                ],
              });
              const from = [source.country, source.as_name].filter((text) => text !== null).join(' · ');
              return (
                <tr key={`${address} ${port} ${source.protocol} ${source.target}`}>
                  <th scope="row" title={source.summary}>
                    <button
                      type="button"
                      className="link mono"
                      title={`Only visits from ${address}`}
                      onClick={() => props.onSource(address)}
                    >
                      {address}
                    </button>
                    <AboutLink thing={{ kind: 'address', value: address }} />
                    {source.name !== null && <span className="soft"> {source.name}</span>}
                  </th>
                  <td className="door-number">{formatCount(source.visits)}</td>
                  <td className="door-number">
                    {source.interval_seconds === null ? '–' : formatInterval(source.interval_seconds)}
                  </td>
                  <td className="mono door-text">
                    {safeText(requestText(want))}
                    {want.host === '' ? '' : ` ${safeText(want.host)}`}
                  </td>
                  <td className="door-number">
                    <InnerLink to={flows} label={`Flows of ${address}`}>
                      {knocks === null ? 'Flows' : formatCount(knocks.attempts)}
                    </InnerLink>
                  </td>
                  <td className="door-time">
                    {knocks === null ? '–' : formatStamp(Date.parse(knocks.first_seen), timezone, false)}
                  </td>
                  <td className="door-text">{from === '' ? '–' : from}</td>
                  <td className="door-time">{formatStamp(Date.parse(source.last_at), timezone)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className="hint">… and {counted(more, 'more source')}.</p>}
    </section>
  );
}
