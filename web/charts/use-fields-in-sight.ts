import { type RefObject, useEffect, useState } from 'react';

/**
 * The fields whose rows are visible in their scrolling container; a row has its field in `data-field`. `rows`: all
 * fields, separated by spaces.
 */
export function useFieldsInSight(list: RefObject<Element | null>, rows: string): ReadonlySet<string> {
  const [inSight, setInSight] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const seen = new Set<string>();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const field = target.getAttribute('data-field') ?? '';
        if (isIntersecting) seen.add(field);
        else seen.delete(field);
      }
      setInSight(new Set(seen));
    });
    const there = new Set(rows.split(' '));
    for (const row of list.current?.querySelectorAll('[data-field]') ?? [])
      if (there.has(row.getAttribute('data-field') ?? '')) observer.observe(row);
    return () => observer.disconnect();
  }, [list, rows]);
  return inSight;
}
