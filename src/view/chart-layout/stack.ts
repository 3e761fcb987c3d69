import type { LineSeries } from './lines.ts';

/** For each line and bucket where its band begins and ends; null: nothing is known there. */
export type Band = readonly (readonly [number, number] | null)[];

/** Puts lines on top of each other, the first one at the bottom. Where nothing is known of any, there is no band. */
export function stackOf(lines: readonly LineSeries[]): readonly Band[] {
  const count = lines[0]?.values.length ?? 0;
  const heights = Array.from({ length: count }, () => 0);
  const known = heights.map((_, at) => lines.some((line) => (line.values[at]?.value ?? null) !== null));
  return lines.map((line) =>
    line.values.map((bucket, at) => {
      if (known[at] !== true) return null;
      const from = heights[at] ?? 0;
      const to = from + Math.max(0, bucket.value ?? 0);
      heights[at] = to;
      return [from, to] as const;
    }),
  );
}
