import { type RefObject, useEffect, useState } from 'react';

/** Whether an element is visible in the window and in its scrolling container. */
export function useIsVisible(element: RefObject<Element | null>): boolean {
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver((entries) => {
      setInSight(entries.at(-1)?.isIntersecting === true);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return inSight;
}
