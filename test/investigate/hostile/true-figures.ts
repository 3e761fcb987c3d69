import type { FlowRecord } from './flow-records.ts';
import type { Planted } from './truth.ts';

/** What the logs tell of somebody planted, in Unix seconds. */
export interface TrueFigures {
  readonly attempts: number;
  readonly bySource: ReadonlyMap<string, number>;
  readonly first: number;
  /** The last attempt began then … */
  readonly lastBegun: number;
  /** … and its last packet was seen then. */
  readonly lastSeen: number;
  /** Records of its attempts that were refused. */
  readonly rejected: number;
}

/**
 * Counts what records hold of a plant: TCP connections once each, however many records their retries left; of anything else
 * every record, for a datagram begins nothing.
 */
export function trueFigures({ name, counted }: Planted, records: readonly FlowRecord[]): TrueFigures | null {
  const begun = new Map<string, { readonly source: string; readonly at: number }>();
  let lastSeen = 0;
  let rejected = 0;
  for (const [row, { start, end, from, action, marks }] of records.entries()) {
    if (action === 'REJECT' && marks.some(({ plant }) => plant === name)) rejected++;
    for (const { plant, attempt } of marks) {
      if (plant !== name) continue;
      const key = counted === 'connections' ? `attempt ${attempt}` : `row ${row}`;
      const at = Math.min(start, begun.get(key)?.at ?? start);
      begun.set(key, { source: from, at });
      lastSeen = Math.max(lastSeen, end);
    }
  }
  if (begun.size === 0) return null;
  const bySource = new Map<string, number>();
  for (const { source } of begun.values()) bySource.set(source, (bySource.get(source) ?? 0) + 1);
  const moments = [...begun.values()].map(({ at }) => at);
  return {
    attempts: begun.size,
    bySource,
    first: moments.reduce((a, b) => Math.min(a, b)),
    lastBegun: moments.reduce((a, b) => Math.max(a, b)),
    lastSeen,
    rejected,
  };
}
