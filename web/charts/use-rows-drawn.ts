import { useEffect, useState } from 'react';

/**
 * How many of a chart's rows to draw now: those in sight (`first`) at once, all of them after they are painted. `content`:
 * what the rows are of; after the first scrolling (`scrolled`) all of another content are drawn at once too.
 */
export function useRowsDrawn(content: object, count: number, first: number, scrolled: boolean): number {
  const [complete, setComplete] = useState<object | null>(null);
  const all = complete === content || scrolled || first >= count;
  useEffect(() => {
    if (all) return;
    // By the second frame the first one is painted.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setComplete(content));
    });
    return () => cancelAnimationFrame(frame);
  }, [all, content]);
  return all ? count : first;
}
