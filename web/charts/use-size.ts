import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The room that the explorer's charts share: whichever comes next has the size of the one before. */
export const CHART_ROOM = 'chart room';

/** The last sizes of elements, by their places in the page. */
const last = new Map<string, Size>();

/**
 * The width and the height of an element, in pixels, as they change; 0 before the first is known. An element of the
 * same `place` usually has the same size as the one before, so that size is used at first and it is drawn only once.
 * `like`: another place whose elements fill the same room.
 */
export function useSize<Element extends HTMLElement>(
  place: string,
  like: string = place,
): readonly [RefObject<Element | null>, width: number, height: number] {
  const element = useRef<Element>(null);
  const [size, setSize] = useState(() => last.get(place) ?? last.get(like) ?? { width: 0, height: 0 });
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
      last.set(like, next);
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
