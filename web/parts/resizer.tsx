import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { type Side, clampWidth, panelWidths, defaultWidth } from './panels.ts';
import './resizer.css';

/** The edge of a side panel: drag it, or use the arrow keys; a double click gives the usual width. */
export function Resizer(props: {
  readonly side: Side;
  readonly label: string;
  readonly width: number;
  readonly onWidth: (width: number) => void;
}): ReactNode {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const outwards = props.side === 'left' ? 1 : -1;
  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width: props.width };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current === null) return;
    props.onWidth(clampWidth(start.current.width + outwards * (event.clientX - start.current.x)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    props.onWidth(clampWidth(props.width + outwards * step));
  };
  return (
    <div
      className={`resizer resizer-${props.side}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.width}
      aria-valuemin={panelWidths.least}
      aria-valuemax={panelWidths.most}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={() => props.onWidth(defaultWidth(props.side))}
      onKeyDown={onKeyDown}
    />
  );
}
