/** From, and up to but without, a moment in Unix milliseconds. */
export type Interval = readonly [from: number, to: number];

/** Intervals in order, none empty, none touching another. */
export type Intervals = readonly Interval[];

/** What is in either. */
export function union(a: Intervals, b: Intervals): Intervals {
  const sorted = [...a, ...b].filter(([from, to]) => from < to).sort(([x], [y]) => x - y);
  const all: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = all.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

/** What is in `a` and not in `b`. */
export function without(a: Intervals, b: Intervals): Intervals {
  const all: Interval[] = [];
  for (const [from, to] of a) {
    let rest = from;
    for (const [cutFrom, cutTo] of b) {
      if (cutTo <= rest || cutFrom >= to) continue;
      if (cutFrom > rest) all.push([rest, cutFrom]);
      rest = cutTo;
    }
    if (rest < to) all.push([rest, to]);
  }
  return all;
}

/** What is before a moment. */
export function before(all: Intervals, limit: number): Intervals {
  return all.filter(([from]) => from < limit).map(([from, to]): Interval => [from, Math.min(to, limit)]);
}
