import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sizes that elements had last, by their places in the page. */
const last = new Map<string, Size>();

/**
 * The width and the height of an element, in pixels, as they change; 0 before the first is known. An element of the
 * same `place` most often has the size that the one before it had: it is drawn once, not for no size and then again.
 */
export function useSize<Element extends HTMLElement>(
  place: string,
): readonly [RefObject<Element | null>, width: number, height: number] {
  const element = useRef<Element>(null);
  const [size, setSize] = useState(() => last.get(place) ?? { width: 0, height: 0 });
  const watched = useRef<{ readonly target: Element | null; readonly stop: () => void } | null>(null);
  // An element may come and go while the component stays: one that shows nothing when there are no flows.
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
