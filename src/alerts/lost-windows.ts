/** Windows in a row, by their ends in Unix seconds, that were given up since there were too many. */
export interface LostWindows {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Both together; null: none. */
export function lostWindows(one: LostWindows | null, other: LostWindows | null): LostWindows | null {
  if (one === null || other === null) return one ?? other;
  const [from, to] = [Math.min(one.from, other.from), Math.max(one.to, other.to)];
  return { from, to, count: one.count + other.count };
}
