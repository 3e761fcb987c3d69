import { type ReactNode, useState } from 'react';
import type { About, AboutChange } from '../../src/model/about/about.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { protocolNames } from '../../src/view/format/protocols.ts';
import { formatRange } from '../../src/view/format/times.ts';
import { useLinks } from '../knocks/links.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { portThing } from '../state/about-url.ts';
import { useAboutPlace } from './about-context.ts';
import { changeWords, listWords } from './address-words.ts';

/** Changes that are listed at first. */
const FIRST = 12;

/** Changes since the earlier range, the largest first. */
export function ChangeList(props: { readonly about: About }): ReactNode {
  const { changes, earlier, more_changes: more } = props.about;
  const { timezone } = useAboutPlace();
  const [all, setAll] = useState(false);
  if (changes === null || earlier === null) return null;
  const range = { from: Date.parse(earlier.from), to: Date.parse(earlier.to) };
  return (
    <section className="about-card" aria-label="Changes">
      <h2>
        What changed <span className="soft">against {formatRange(range, timezone)}</span>
      </h2>
      {changes.length === 0 ? (
        <p className="soft">No large changes.</p>
      ) : (
        <div className="about-scroll" tabIndex={0} role="region" aria-label="What changed">
          <table className="data-table about-table">
            <thead>
              <tr>
                <th scope="col">Change</th>
                <th scope="col">Value</th>
                <th scope="col">In</th>
                <th scope="col" className="data-number">
                  Before
                </th>
                <th scope="col" className="data-number">
                  Flows
                </th>
              </tr>
            </thead>
            <tbody>
              {(all ? changes : changes.slice(0, FIRST)).map((change) => (
                <Change
                  key={`${change.side} ${change.list} ${change.value} ${change.protocol}`}
                  change={change}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!all && changes.length > FIRST ? (
        <button type="button" className="link about-more" onClick={() => setAll(true)}>
          Show {changes.length - FIRST} more
        </button>
      ) : (
        more > 0 && <p className="hint">… and {counted(more, 'more change')}</p>
      )}
    </section>
  );
}

function Change(props: { readonly change: AboutChange }): ReactNode {
  const { side, list, what, value, protocol, name, flows, previous_flows: previous, query } = props.change;
  const { to } = useAboutPlace();
  const links = useLinks();
  const isPort = list === 'ports' || list === 'refused_ports';
  const thing = isPort
    ? portThing(Number(value), protocol)
    : { kind: 'address' as const, value: String(value) };
  return (
    <tr>
      <td className={`about-${what}`}>{changeWords[what]}</td>
      <th scope="row">
        {value === null ? (
          <span className="soft">none</span>
        ) : (
          <InnerLink to={to(thing)} className="mono">
            {value}
            {isPort && protocol !== null && (
              <span className="soft">/{protocolNames.get(protocol) ?? protocol}</span>
            )}
          </InnerLink>
        )}{' '}
        {name !== null && <span className="soft">{name}</span>}
      </th>
      <td className="soft">
        {side === 'inbound' ? 'Inbound' : 'Outbound'}: {listWords[side][list].toLowerCase()}
      </td>
      <td className="data-number">{formatCount(previous)}</td>
      <td className="data-number">
        <InnerLink to={links.query(query)} label={`${counted(flows, 'flow')} in the explorer, compared`}>
          {formatCount(flows)}
        </InnerLink>
      </td>
    </tr>
  );
}
