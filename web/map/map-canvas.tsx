import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useSize } from '../charts/use-size.ts';
import { counted, formatAmount, formatCount } from '../../src/view/format/numbers.ts';
import { type MapEdge, type MapGraph, type MapMeasure, isRefused } from './graph.ts';
import { layoutOf, lineBetween } from './layout.ts';
import { MapBox } from './map-box.tsx';
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
  const { frame, handlers, zoom, fit, reveal } = usePanZoom(svg, layout, { width, height });
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.key, node.label])), [graph]);
  const { edges } = graph;
  // The party under the pointer, or that the keyboard is at: its lines and neighbours stand out.
  const [last, setPointed] = useState<string | null>(null);
  const pointed = last !== null && names.has(last) ? last : null;
  const near = useMemo(() => (pointed === null ? null : neighboursOf(pointed, edges)), [pointed, edges]);
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
            <rect
              key={group.name}
              className="map-group"
              x={group.x}
              y={group.y}
              width={group.width}
              height={group.height}
              rx="10"
            />
          ))}
          {edges
            // The largest are drawn last, on top.
            .toReversed()
            .map((edge) => {
              const [from, to] = [layout.boxes.get(edge.from), layout.boxes.get(edge.to)];
              if (from === undefined || to === undefined) return null;
              const path = lineBetween(from, to);
              const kind = isRefused(edge) ? 'refused' : 'plain';
              const isNear = edge.from === pointed || edge.to === pointed;
              const mark = pointed === null ? '' : isNear ? ' map-near' : ' map-back';
              return (
                <g
                  key={edge.key}
                  className={`map-edge map-edge-${kind}${mark}`}
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
          {layout.groups.map((group) => (
            <text
              key={group.name}
              className="map-group-name"
              x={group.x + 14}
              y={group.y + 17}
              style={{ fontSize: Math.min(16, 11 / frame.scale) }}
            >
              {group.name}
            </text>
          ))}
          {graph.nodes.map((node) => {
            const place = layout.boxes.get(node.key);
            if (place === undefined) return null;
            return (
              <MapBox
                key={node.key}
                node={node}
                place={place}
                measure={measure}
                scale={frame.scale}
                marks={`${node.key === focus ? ' map-node-focus' : ''}${found.has(node.key) ? ' map-node-found' : ''}${node.folded > 0 ? ' map-node-others' : ''}${near !== null && !near.has(node.key) ? ' map-back' : ''}`}
                isFocus={node.key === focus}
                pageOf={props.pageOf}
                onChoose={() => props.onNode(node.key)}
                onReach={() => reveal(place)}
                onPoint={(isThere) =>
                  setPointed((now) => (isThere ? node.key : now === node.key ? null : now))
                }
              />
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

/** A party and all that have a line to or from it. */
function neighboursOf(key: string, edges: readonly MapEdge[]): ReadonlySet<string> {
  const ends = edges.filter(({ from, to }) => from === key || to === key);
  return new Set([key, ...ends.flatMap(({ from, to }) => [from, to])]);
}

function edgeText(edge: MapEdge, names: ReadonlyMap<string, string>): string {
  const refused = edge.refused === 0 ? '' : `, ${formatCount(edge.refused)} rejected`;
  return `${names.get(edge.from) ?? ''} → ${names.get(edge.to) ?? ''}: ${formatAmount(edge.bytes, 'bytes')}, ${counted(edge.flows, 'flow')}${refused}`;
}
