import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** The width and the height of an element, in pixels, as they change. */
export function useSize<Element extends HTMLElement>(): readonly [
  RefObject<Element | null>,
  width: number,
  height: number,
] {
  const element = useRef<Element>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const measure = (): void => {
      const next = { width: Math.floor(target.clientWidth), height: Math.floor(target.clientHeight) };
      setSize((now) => (now.width === next.width && now.height === next.height ? now : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return [element, size.width, size.height];
}
