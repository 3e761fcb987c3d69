import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useDrag } from '../gestures/use-drag.ts';
import type { Dragged } from '../state/drop.ts';
import { crossIcon } from './icons.tsx';
import { focusPill, pillsIn } from './pill-focus.ts';
import { Popup } from './popup.tsx';
import './pill.css';

/** A part of the query as a pill: a click opens its menu, the cross removes it; it can be dragged. */
export function Pill(props: {
  readonly kind: 'time' | 'filter' | 'split' | 'measure';
  /** The name for screen readers. */
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onRemove?: (() => void) | undefined;
  /** Moves it by keyboard: along its row, or to the row above or below. */
  readonly onMove?: ((way: 'left' | 'right' | 'up' | 'down') => void) | undefined;
  readonly dragged?: Dragged;
  readonly width: number;
  readonly align?: 'start' | 'end';
  readonly text: ReactNode;
  /** The menu. */
  readonly children: ReactNode;
}): ReactNode {
  const element = useRef<HTMLSpanElement>(null);
  const away = useDrag(element, props.dragged ?? null, props.label);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const row = element.current?.parentElement ?? null;
    const at = row === null ? -1 : pillsIn(row).indexOf(event.currentTarget);
    if (props.onRemove && (event.key === 'Delete' || event.key === 'Backspace')) {
      props.onRemove();
      if (row !== null) focusPill(row, at);
    } else if (props.onMove && event.altKey && event.key.startsWith('Arrow')) {
      const way = event.key.slice(5).toLowerCase() as 'left' | 'right' | 'up' | 'down';
      props.onMove(way);
      if (row !== null && (way === 'left' || way === 'right')) focusPill(row, at + (way === 'left' ? -1 : 1));
    } else return;
    event.preventDefault();
  };
  return (
    <span
      ref={element}
      data-place={props.dragged === undefined ? undefined : ''}
      className={`pill pill-${props.kind}${props.onRemove ? ' pill-removable' : ''}${away ? ' dragging' : ''}`}
    >
      <Popup
        open={props.open}
        onOpenChange={props.onOpenChange}
        label={props.label}
        width={props.width}
        align={props.align ?? 'start'}
        trigger={
          <button type="button" className="pill-main" title={props.label} onKeyDown={onKeyDown}>
            {props.text}
          </button>
        }
      >
        {props.children}
      </Popup>
      {props.onRemove && (
        <button
          type="button"
          className="pill-x"
          aria-label={`Remove ${props.label}`}
          onClick={props.onRemove}
        >
          {crossIcon}
        </button>
      )}
    </span>
  );
}
