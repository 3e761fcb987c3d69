import { type ReactNode, useMemo, useRef } from 'react';
import { useSize } from '../charts/use-size.ts';
import { formatAmount, formatCount } from '../../src/view/format/numbers.ts';
import { type MapEdge, type MapGraph, type MapMeasure, type MapNode, isRefused } from './graph.ts';
import { MOST_LABEL, layoutOf, lineBetween } from './layout.ts';
import { leaveTo } from '../data/location.ts';
import { usePanZoom } from './use-pan-zoom.ts';

/** Widths of lines, from the smallest amount to the largest. */
const THIN = 1;
const THICK = 7;

/** The map: a box for each party, in the frame of its VPC or of the outside; a line for each direction of flows. */
export function MapCanvas(props: {
  readonly graph: MapGraph;
  readonly measure: MapMeasure;
  /** The key of the node that is in focus. */
  readonly focus: string | null;
  /** Nodes that match the search. */
  readonly found: ReadonlySet<string>;
  /** The address of the page of a party. */
  readonly pageOf: (party: string) => string;
  readonly onNode: (key: string) => void;
  readonly onEdge: (edge: MapEdge) => void;
}): ReactNode {
  const { graph, measure, focus, found } = props;
  const [box, width, height] = useSize<HTMLDivElement>('map');
  const svg = useRef<SVGSVGElement>(null);
  const layout = useMemo(() => layoutOf(graph), [graph]);
  const { frame, handlers, zoom, fit } = usePanZoom(svg, layout, { width, height });
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.key, node.label])), [graph]);
  const { edges } = graph;
  const most = Math.max(1, ...edges.map((edge) => edge[measure]));
  return (
    <div className="map-canvas" ref={box}>
      <svg
        ref={svg}
        width={width}
        height={height}
        role="group"
        aria-label="Map. Tab goes from party to party, Enter shows one and its neighbours; arrow keys, plus and minus move and zoom."
        tabIndex={0}
        {...handlers}
      >
        <defs>
          {['plain', 'refused'].map((kind) => (
            <marker
              key={kind}
              id={`map-arrow-${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path className={`map-arrow map-arrow-${kind}`} d="M0 0.6L8 4L0 7.4z" />
            </marker>
          ))}
        </defs>
        <g transform={`scale(${frame.scale}) translate(${-frame.x} ${-frame.y})`}>
          {layout.groups.map((group) => (
            <g key={group.name} className="map-group">
              <rect x={group.x} y={group.y} width={group.width} height={group.height} rx="10" />
              <text x={group.x + 14} y={group.y + 16}>
                {group.name}
              </text>
            </g>
          ))}
          {edges
            // The largest are drawn last, on top.
            .toReversed()
            .map((edge) => {
              const [from, to] = [layout.boxes.get(edge.from), layout.boxes.get(edge.to)];
              if (from === undefined || to === undefined) return null;
              const path = lineBetween(from, to);
              const kind = isRefused(edge) ? 'refused' : 'plain';
              return (
                <g
                  key={edge.key}
                  className={`map-edge map-edge-${kind}`}
                  data-map-part=""
                  onClick={() => props.onEdge(edge)}
                >
                  <title>{edgeText(edge, names)}</title>
                  <path className="map-reach" d={path} />
                  <path
                    className="map-line"
                    d={path}
                    strokeWidth={THIN + (THICK - THIN) * Math.sqrt(edge[measure] / most)}
                    markerEnd={`url(#map-arrow-${kind})`}
                  />
                </g>
              );
            })}
          {graph.nodes.map((node) => {
            const place = layout.boxes.get(node.key);
            if (place === undefined) return null;
            const marks = `${node.key === focus ? ' map-node-focus' : ''}${found.has(node.key) ? ' map-node-found' : ''}${node.folded > 0 ? ' map-node-others' : ''}`;
            return (
              <g
                key={node.key}
                className={`map-node${marks}`}
                data-map-part=""
                transform={`translate(${place.x} ${place.y})`}
              >
                <g
                  role="button"
                  tabIndex={0}
                  aria-pressed={node.key === focus}
                  onClick={() => props.onNode(node.key)}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' && event.key !== ' ') return;
                    event.preventDefault();
                    props.onNode(node.key);
                  }}
                >
                  <rect width={place.width} height={place.height} rx="7">
                    {cut(node.label) !== node.label && <title>{node.label}</title>}
                  </rect>
                  <text className="map-name" x="10" y="16">
                    {cut(node.label)}
                  </text>
                  <text className="map-amount" x="10" y="30">
                    {amountText(node, measure)}
                  </text>
                </g>
                {node.party !== null && (
                  <PageLink href={props.pageOf(node.party)} label={node.label} x={place.width - 22} />
                )}
              </g>
            );
          })}
        </g>
      </svg>
      <div className="map-zoom" role="group" aria-label="Zoom">
        <button type="button" className="chip" aria-label="Zoom in" onClick={() => zoom(1.25)}>
          +
        </button>
        <button type="button" className="chip" aria-label="Zoom out" onClick={() => zoom(0.8)}>
          −
        </button>
        <button type="button" className="chip" onClick={fit}>
          Fit
        </button>
      </div>
    </div>
  );
}

/** In a box: to the page of its party. */
function PageLink(props: { readonly href: string; readonly label: string; readonly x: number }): ReactNode {
  return (
    <a
      className="map-page-link"
      href={props.href}
      aria-label={`Open the page of ${props.label}`}
      onClick={(event) => {
        const wantsTab = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
        if (wantsTab) return;
        event.preventDefault();
        leaveTo(props.href);
      }}
    >
      <title>{`All about ${props.label}`}</title>
      <g transform={`translate(${props.x} 3)`}>
        <rect className="map-page-back" width="18" height="18" rx="5" />
        <path transform="translate(3 3) scale(0.75)" d="M4 2.5h5.5L12 5v8.5H4zM6 7h4M6 9.5h4" />
      </g>
    </a>
  );
}

function cut(label: string): string {
  const characters = Array.from(label);
  return characters.length > MOST_LABEL ? `${characters.slice(0, MOST_LABEL - 1).join('')}…` : label;
}

function amountText({ amounts }: MapNode, measure: MapMeasure): string {
  return measure === 'bytes' ? formatAmount(amounts.bytes, 'bytes') : `${formatCount(amounts.flows)} flows`;
}

function edgeText(edge: MapEdge, names: ReadonlyMap<string, string>): string {
  const refused = edge.refused === 0 ? '' : `, ${formatCount(edge.refused)} refused`;
  return `${names.get(edge.from) ?? ''} → ${names.get(edge.to) ?? ''}: ${formatAmount(edge.bytes, 'bytes')}, ${formatCount(edge.flows)} flows${refused}`;
}
