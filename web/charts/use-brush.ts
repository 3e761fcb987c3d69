import { type PointerEvent, useRef, useState } from 'react';

/** Pixels that a press must travel before it is a brush. */
const THRESHOLD = 4;

export interface Brush {
  /** Where the pointer is, in pixels from the left; null: elsewhere. */
  readonly at: number | null;
  /** What is being brushed, left to right. */
  readonly brushed: readonly [number, number] | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
  };
}

/** Follows the pointer over an element, and a press that travels. */
export function useBrush(onBrush: (left: number, right: number) => void): Brush {
  const [at, setAt] = useState<number | null>(null);
  const [start, setStart] = useState<number | null>(null);
  const pressed = useRef(false);
  const place = (event: PointerEvent): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const far = start !== null && at !== null && Math.abs(at - start) >= THRESHOLD;
  const stop = (): void => {
    pressed.current = false;
    setStart(null);
  };
  return {
    at,
    brushed: far ? [Math.min(start, at), Math.max(start, at)] : null,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressed.current = true;
        setStart(place(event));
        setAt(place(event));
      },
      onPointerMove: (event) => setAt(place(event)),
      onPointerUp: (event) => {
        const end = place(event);
        if (pressed.current && start !== null && Math.abs(end - start) >= THRESHOLD) {
          onBrush(Math.min(start, end), Math.max(start, end));
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
    },
  };
}
