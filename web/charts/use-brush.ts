import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';

/** Pixels that the pointer must move while pressed to start a brush. */
const THRESHOLD = 4;

export interface Point {
  readonly left: number;
  readonly top: number;
}

export interface Brush {
  /** Where the pointer is, in pixels from the corner; null: elsewhere. */
  readonly at: Point | null;
  /** What is being brushed, left to right. */
  readonly brushed: readonly [number, number] | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
    readonly onContextMenu: (event: MouseEvent) => void;
  };
}

/** Tracks the pointer over an element, drags (brushes) and clicks. */
export function useBrush(
  onBrush: (left: number, right: number) => void,
  onPick: (point: Point) => void,
): Brush {
  const [at, setAt] = useState<Point | null>(null);
  const [start, setStart] = useState<number | null>(null);
  const pressed = useRef(false);
  const far = start !== null && at !== null && Math.abs(at.left - start) >= THRESHOLD;
  const stop = (): void => {
    pressed.current = false;
    setStart(null);
  };
  return {
    at,
    brushed: far ? [Math.min(start, at.left), Math.max(start, at.left)] : null,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressed.current = true;
        setStart(placeOf(event).left);
        setAt(placeOf(event));
      },
      onPointerMove: (event) => setAt(placeOf(event)),
      onPointerUp: (event) => {
        const point = placeOf(event);
        if (pressed.current && start !== null) {
          if (Math.abs(point.left - start) >= THRESHOLD)
            onBrush(Math.min(start, point.left), Math.max(start, point.left));
          else onPick(point);
        }
        stop();
      },
      onPointerLeave: () => {
        if (!pressed.current) setAt(null);
      },
      onPointerCancel: () => {
        stop();
        setAt(null);
      },
      onContextMenu: (event) => {
        event.preventDefault();
        onPick(placeOf(event));
      },
    },
  };
}

function placeOf(event: MouseEvent): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return { left: event.clientX - box.left, top: event.clientY - box.top };
}
