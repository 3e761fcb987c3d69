import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** The width and the height of an element, in pixels, as they change. */
export function useSize<Element extends HTMLElement>(): readonly [
  RefObject<Element | null>,
  width: number,
  height: number,
] {
  const element = useRef<Element>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
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
