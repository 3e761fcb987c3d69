import type { AlertRecord } from './alert-record.ts';
import { iso } from './log-coverage.ts';

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

/** The state of an alert with an entry in its history that says so: one, as long as more of them are lost. */
export function recordLost(record: AlertRecord, lost: LostWindows | null): AlertRecord {
  if (lost === null) return record;
  const told = record.lost === undefined ? undefined : entryOf(record.lost);
  const goesOn = told !== undefined && record.history.some((event) => isSame(event, told));
  const all = goesOn ? (lostWindows(record.lost ?? null, lost) ?? lost) : lost;
  const rest = goesOn ? record.history.filter((event) => !isSame(event, told)) : record.history;
  return { ...record, lost: all, history: [entryOf(all), ...rest] };
}

function entryOf({ from, to, count }: LostWindows): AlertRecord['history'][number] {
  const reason = `${count} windows that ended from ${iso(from)} to ${iso(to)} were not evaluated: too many of them waited.`;
  return { at: iso(to), key: '', label: null, state: 'no_data', value: null, threshold: null, reason };
}

function isSame(one: AlertRecord['history'][number], other: AlertRecord['history'][number]): boolean {
  return one.at === other.at && one.reason === other.reason;
}
