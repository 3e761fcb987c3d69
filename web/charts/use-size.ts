import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The room that the explorer's charts share (chart-panel.tsx). */
export const CHART_ROOM = 'chart room';

/** What the padding around lines (lines-view.css) takes of it. */
export const LINES_PADDING: Size = { width: 32, height: 8 };

const SAME: Size = { width: 0, height: 0 };

function less(size: Size | undefined, by: Size): Size {
  return {
    width: Math.max(0, (size?.width ?? 0) - by.width),
    height: Math.max(0, (size?.height ?? 0) - by.height),
  };
}

/** The last sizes of elements, by their places in the page. */
const last = new Map<string, Size>();

/**
 * The width and the height of an element, in pixels, as they change; 0 before the first is known. An element of the
 * same `place` usually has the same size as the one before, so that size is used at first and it is drawn only once.
 * `like`: another place, whose size it has at first if it was not seen yet; `smaller`: by how much less.
 */
export function useSize<Element extends HTMLElement>(
  place: string,
  like: string = place,
  smaller: Size = SAME,
): readonly [RefObject<Element | null>, width: number, height: number] {
  const element = useRef<Element>(null);
  const [size, setSize] = useState(() => last.get(place) ?? less(last.get(like), smaller));
  const watched = useRef<{ readonly target: Element | null; readonly stop: () => void } | null>(null);
  // The element may be absent for a while although the component stays, when there are no flows.
  useLayoutEffect(() => {
    const target = element.current;
    if (watched.current?.target === target) return;
    watched.current?.stop();
    watched.current = null;
    if (target === null) return;
    const measure = (): void => {
      const next = { width: Math.floor(target.clientWidth), height: Math.floor(target.clientHeight) };
      last.set(place, next);
      setSize((now) => (now.width === next.width && now.height === next.height ? now : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    watched.current = { target, stop: () => observer.disconnect() };
  });
  useLayoutEffect(
    () => () => {
      watched.current?.stop();
      watched.current = null;
    },
    [],
  );
  return [element, size.width, size.height];
}
