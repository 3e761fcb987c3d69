import type { ReactNode } from 'react';
import { counted, formatAmount } from '../../src/view/format/numbers.ts';
import { leaveTo } from '../data/location.ts';
import { textWidth } from '../charts/text-width.ts';
import type { MapMeasure, MapNode } from './graph.ts';
import { labelOf } from './label.ts';
import type { Box } from './layout.ts';

/** A party on the map: a button that brings it into focus, and a link to its page. */
export function MapBox(props: {
  readonly node: MapNode;
  readonly place: Box;
  readonly measure: MapMeasure;
  /** Pixels per unit of the drawing. */
  readonly scale: number;
  readonly marks: string;
  readonly isFocus: boolean;
  /** The address of the page of a party. */
  readonly pageOf: (party: string) => string;
  readonly onChoose: () => void;
  /** The keyboard came to it. */
  readonly onReach: () => void;
  /** The pointer or the keyboard came to it, or left it. */
  readonly onPoint: (isThere: boolean) => void;
}): ReactNode {
  const { node, place } = props;
  const { text, size, withAmount } = labelOf(node.label, place, props.scale, nameWidth);
  return (
    <g
      className={`map-node${props.marks}`}
      data-map-part=""
      transform={`translate(${place.x} ${place.y})`}
      onPointerEnter={() => props.onPoint(true)}
      onPointerLeave={() => props.onPoint(false)}
      onFocus={(event) => {
        props.onPoint(true);
        if (event.target.matches(':focus-visible')) props.onReach();
      }}
      onBlur={() => props.onPoint(false)}
    >
      <g
        role="button"
        tabIndex={0}
        aria-pressed={props.isFocus}
        onClick={props.onChoose}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          props.onChoose();
        }}
      >
        <rect width={place.width} height={place.height} rx="7">
          {(text !== node.label || !withAmount) && (
            <title>{`${node.label}: ${amountText(node, props.measure)}`}</title>
          )}
        </rect>
        <text
          className="map-name"
          x="10"
          y={withAmount ? 16 : place.height / 2 + size * 0.36}
          style={{ fontSize: size }}
        >
          {text}
        </text>
        {withAmount && (
          <text className="map-amount" x="10" y="30">
            {amountText(node, props.measure)}
          </text>
        )}
      </g>
      {node.party !== null && (
        <PageLink href={props.pageOf(node.party)} label={node.label} x={place.width - 22} />
      )}
    </g>
  );
}

/** How wide a name is, as a part of its size. It is heavier than what is measured, by what `textWidth` adds. */
function nameWidth(text: string): number {
  return (textWidth([{ text, mono: false }], 12) - 1) / 12;
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

function amountText({ amounts }: MapNode, measure: MapMeasure): string {
  return measure === 'bytes' ? formatAmount(amounts.bytes, 'bytes') : counted(amounts.flows, 'flow');
}
