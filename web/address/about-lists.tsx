import { type ReactNode, useState } from 'react';
import type { AboutList, AboutPart, AboutRow, AboutSide } from '../../src/model/about/about.ts';
import type { AboutKind } from '../../src/model/about/parse-about.ts';
import { counted, formatCount, formatShort, shortCounted } from '../../src/view/format/numbers.ts';
import { protocolNames } from '../../src/view/format/protocols.ts';
import { useLinks } from '../knocks/links.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { portThing } from '../state/about-url.ts';
import { useAboutPlace } from './about-context.ts';
import { listHints, listWords } from './address-words.ts';

/** Rows of a list that are there at first. */
const FIRST_ROWS = 10;

/** The lists of one direction. */
export function AboutSideLists(props: {
  readonly name: 'inbound' | 'outbound';
  readonly side: AboutSide;
  readonly kind: AboutKind;
}): ReactNode {
  const { name, side } = props;
  const shown = side.lists.filter(({ rows }) => rows.length > 0);
  return (
    <section className="about-side" aria-label={name === 'inbound' ? 'Inbound' : 'Outbound'}>
      <h2>{props.kind === 'port' ? 'To this port' : name === 'inbound' ? 'Inbound' : 'Outbound'}</h2>
      {shown.length === 0 && <p className="about-card soft">No flows in this time.</p>}
      {shown.map((list) => (
        <ValueList key={list.list} list={list} title={listWords[name][list.list]} />
      ))}
    </section>
  );
}

/** A list with bars: a value links to its page, its amounts to its flows. */
function ValueList(props: { readonly list: AboutList; readonly title: string }): ReactNode {
  const { list, title } = props;
  const links = useLinks();
  const [all, setAll] = useState(false);
  const rows = all ? list.rows : list.rows.slice(0, FIRST_ROWS);
  const most = Math.max(1, ...list.rows.map(({ flows }) => flows));
  const more = list.groups - list.rows.length;
  const refused = list.list.startsWith('refused');
  return (
    <section className="about-card about-list" aria-label={title}>
      <h3 title={listHints[list.list]}>
        {title}
        <InnerLink to={links.query(list.query)} title={`${title}: open in the explorer`}>
          {formatShort(list.groups, 'count')} · {shortCounted(list.flows, 'flow')}
        </InnerLink>
      </h3>
      <ol className={refused ? 'about-rows-refused' : ''}>
        {rows.map((row) => (
          <Row key={`${row.value} ${row.protocol}`} row={row} share={row.flows / most} refused={refused} />
        ))}
      </ol>
      {rows.length < list.rows.length ? (
        <button type="button" className="link about-more" onClick={() => setAll(true)}>
          Show {list.rows.length - rows.length} more
        </button>
      ) : (
        more > 0 && <p className="hint">… and {counted(more, 'more value')}</p>
      )}
    </section>
  );
}

function Row(props: {
  readonly row: AboutRow;
  readonly share: number;
  readonly refused: boolean;
}): ReactNode {
  const { row } = props;
  const links = useLinks();
  const also = [row.name, row.country, row.as_name].filter((text) => text !== null).join(' · ');
  return (
    <li className="about-row" style={{ '--share': String(props.share) }}>
      <span className="about-value">
        <Value of={row} />
        {also !== '' && <span className="soft about-also">{also}</span>}
      </span>
      <span className="about-marks">
        {row.previous_flows === 0 && <span className="about-new">new</span>}
        {row.peers !== null && row.peers > 1 && (
          <span className="soft about-peers">{counted(row.peers, 'peer')}</span>
        )}
        {!props.refused && row.rejected_flows > 0 && (
          <span
            className="about-refused"
            title={`${formatCount(row.rejected_flows)} of ${counted(row.flows, 'flow')} rejected`}
          >
            {formatShort(row.rejected_flows, 'count')} rejected
          </span>
        )}
        <span className="soft about-bytes">{formatShort(row.bytes, 'bytes')}</span>
        <InnerLink
          to={links.query(row.query)}
          className="about-flows"
          label={`${shortCounted(row.flows, 'flow')} of ${row.value ?? 'none'} in the explorer`}
        >
          {formatShort(row.flows, 'count')}
        </InnerLink>
      </span>
      {row.parts.length > 0 && (
        <ul className="about-parts" aria-label={`Of ${row.value ?? 'none'}`}>
          {row.parts.map((part) => (
            <Part key={`${part.value} ${part.protocol}`} part={part} refused={props.refused} />
          ))}
          {row.more_parts > 0 && <li className="soft">{formatCount(row.more_parts)} more</li>}
        </ul>
      )}
    </li>
  );
}

/** A port of a peer, or a peer of a port, and how many flows they have. */
function Part(props: { readonly part: AboutPart; readonly refused: boolean }): ReactNode {
  const { part } = props;
  const links = useLinks();
  const { flows, rejected_flows: rejected } = part;
  return (
    <li>
      <Value of={part} /> {part.name !== null && <span className="soft about-part-name">{part.name}</span>}{' '}
      <InnerLink
        to={links.query(part.query)}
        className={!props.refused && rejected === flows ? 'about-refused' : 'soft'}
        title={`${counted(flows, 'flow')}, ${formatCount(rejected)} rejected`}
        label={`${shortCounted(flows, 'flow')} of ${part.value ?? 'none'} in the explorer`}
      >
        {formatShort(flows, 'count')}
      </InnerLink>
    </li>
  );
}

/** A value, which leads to its page. */
function Value(props: { readonly of: Pick<AboutPart, 'value' | 'protocol'> }): ReactNode {
  const { value, protocol } = props.of;
  const { to } = useAboutPlace();
  if (value === null) return <span className="soft">none</span>;
  const isPort = typeof value === 'number';
  const name = protocol === null ? '' : `/${protocolNames.get(protocol) ?? protocol}`;
  const thing = isPort ? portThing(value, protocol) : { kind: 'address' as const, value };
  return (
    <InnerLink to={to(thing)} className="mono" title={`All about ${value}`}>
      {value}
      {isPort && <span className="soft">{name}</span>}
    </InnerLink>
  );
}
