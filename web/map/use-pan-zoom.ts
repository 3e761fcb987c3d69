import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Box } from './layout.ts';

/** The visible part of a drawing: its upper left corner, and pixels per unit. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const LEAST = 0.08;
const MOST = 3;
const STEP = 60;

export interface PanZoom {
  readonly frame: Frame;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onKeyDown: (event: KeyboardEvent<SVGSVGElement>) => void;
  };
  readonly zoom: (by: number) => void;
  readonly fit: () => void;
  /** Moves a part of the drawing into sight, unless all of it is. */
  readonly reveal: (part: Box) => void;
}

/**
 * Pans by dragging and the arrow keys, zooms by the wheel, + and −. `size`: of the drawing, `room`: the available
 * space; the drawing is fitted again when one of them changes.
 */
export function usePanZoom(
  element: RefObject<SVGSVGElement | null>,
  size: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): PanZoom {
  const fitting = fitOf(size, room);
  const [own, setOwn] = useState<{ readonly frame: Frame; readonly of: string } | null>(null);
  const of = `${size.width} ${size.height} ${room.width} ${room.height}`;
  const frame = own?.of === of ? own.frame : fitting;
  const latest = useRef(frame);
  const dragged = useRef<{ readonly x: number; readonly y: number; readonly frame: Frame } | null>(null);
  useEffect(() => {
    latest.current = frame;
  });
  const set = (next: Frame): void => setOwn({ frame: next, of });
  const zoomAt = (by: number, x: number, y: number): void => {
    const { current } = latest;
    const scale = Math.max(LEAST, Math.min(MOST, current.scale * by));
    set({
      scale,
      x: current.x + x / current.scale - x / scale,
      y: current.y + y / current.scale - y / scale,
    });
  };
  const zoom = (by: number): void => zoomAt(by, room.width / 2, room.height / 2);
  const reveal = (part: Box): void => {
    const { x, y, scale } = latest.current;
    const [width, height] = [room.width / scale, room.height / scale];
    const isInSight =
      part.x >= x && part.y >= y && part.x + part.width <= x + width && part.y + part.height <= y + height;
    if (!isInSight)
      set({ scale, x: part.x + (part.width - width) / 2, y: part.y + (part.height - height) / 2 });
  };
  const zoomLatest = useRef(zoomAt);
  useEffect(() => {
    zoomLatest.current = zoomAt;
  });
  useEffect(() => {
    const svg = element.current;
    if (svg === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      zoomLatest.current(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    };
    // React's own listeners are passive: the page would scroll.
    svg.addEventListener('wheel', onWheel, { passive: false });
    return () => svg.removeEventListener('wheel', onWheel);
  }, [element]);
  return {
    frame,
    zoom,
    fit: () => setOwn(null),
    reveal,
    handlers: {
      onPointerDown: (event) => {
        if (event.target instanceof Element && event.target.closest('[data-map-part]') !== null) return;
        dragged.current = { x: event.clientX, y: event.clientY, frame };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        const from = dragged.current;
        if (from === null) return;
        set({
          ...from.frame,
          x: from.frame.x - (event.clientX - from.x) / from.frame.scale,
          y: from.frame.y - (event.clientY - from.y) / from.frame.scale,
        });
      },
      onPointerUp: () => {
        dragged.current = null;
      },
      onKeyDown: (event) => {
        const moves: Readonly<Record<string, readonly [number, number]>> = {
          ArrowLeft: [-STEP, 0],
          ArrowRight: [STEP, 0],
          ArrowUp: [0, -STEP],
          ArrowDown: [0, STEP],
        };
        const move = moves[event.key];
        if (move !== undefined)
          set({ ...frame, x: frame.x + move[0] / frame.scale, y: frame.y + move[1] / frame.scale });
        else if (event.key === '+' || event.key === '=') zoom(1.25);
        else if (event.key === '-') zoom(0.8);
        else if (event.key === '0') setOwn(null);
        else return;
        event.preventDefault();
      },
    },
  };
}

/** The whole drawing centered in the available space, with a margin, never enlarged. */
function fitOf(
  size: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): Frame {
  const margin = 20;
  const scale = Math.max(
    LEAST,
    Math.min(
      1,
      (room.width - 2 * margin) / Math.max(1, size.width),
      (room.height - 2 * margin) / Math.max(1, size.height),
    ),
  );
  return { scale, x: (size.width - room.width / scale) / 2, y: (size.height - room.height / scale) / 2 };
}
