import type { ReactNode } from 'react';
import { counted, formatAmount, formatCount } from '../../src/view/format/numbers.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import type { MapEdge, MapGraph } from './graph.ts';

/** How many rows are drawn; the others are counted. */
const MOST = 300;

/** The edges of the map as a table, the largest first. */
export function MapTable(props: {
  readonly graph: MapGraph;
  readonly focus: string | null;
  /** The link to the flows of an edge. */
  readonly linkOf: (edge: MapEdge) => string;
  readonly onNode: (key: string) => void;
}): ReactNode {
  const { graph } = props;
  const names = new Map(graph.nodes.map((node) => [node.key, node.label]));
  const shown = graph.edges.slice(0, MOST);
  const party = (key: string): ReactNode =>
    key === props.focus ? (
      <b>{names.get(key)}</b>
    ) : (
      <button type="button" className="link" onClick={() => props.onNode(key)}>
        {names.get(key)}
      </button>
    );
  return (
    <div className="map-table" tabIndex={0} role="region" aria-label="Who talks to whom">
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" className="data-number">
              Bytes
            </th>
            <th scope="col" className="data-number">
              Flows
            </th>
            <th scope="col" className="data-number">
              Rejected
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((edge) => (
            <tr key={edge.key}>
              <td>{party(edge.from)}</td>
              <td>{edge.from === edge.to ? <span className="soft">itself</span> : party(edge.to)}</td>
              <td className="data-number">{formatAmount(edge.bytes, 'bytes')}</td>
              <td className="data-number">
                <InnerLink
                  to={props.linkOf(edge)}
                  label={`${counted(edge.flows, 'flow')} from ${names.get(edge.from)} to ${names.get(edge.to)}`}
                >
                  {formatCount(edge.flows)}
                </InnerLink>
              </td>
              <td className={`data-number${edge.refused > 0 ? ' map-refused' : ''}`}>
                {edge.refused === 0 ? '–' : formatCount(edge.refused)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {graph.edges.length > shown.length && (
        <p className="hint">… and {counted(graph.edges.length - shown.length, 'smaller row')}</p>
      )}
    </div>
  );
}
