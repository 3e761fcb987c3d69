import { counted } from '../model/counted.ts';
import type { AlertRecord } from './alert-record.ts';
import { iso } from './log-coverage.ts';
import { lostWindows, type LostWindows } from './lost-windows.ts';

/** The state of an alert with an entry in its history about lost windows: one entry, which grows while more are lost. */
export function recordLost(record: AlertRecord, lost: LostWindows | null): AlertRecord {
  if (lost === null) return record;
  const earlier = record.lost === undefined ? undefined : entryOf(record.lost);
  const goesOn = earlier !== undefined && record.history.some((event) => isSame(event, earlier));
  const all = goesOn ? (lostWindows(record.lost ?? null, lost) ?? lost) : lost;
  const rest = goesOn ? record.history.filter((event) => !isSame(event, earlier)) : record.history;
  return { ...record, lost: all, history: [entryOf(all), ...rest] };
}

function entryOf({ from, to, count }: LostWindows): AlertRecord['history'][number] {
  const reason = `${counted(count, 'window')} that ended from ${iso(from)} to ${iso(to)} ${count === 1 ? 'was' : 'were'} not evaluated: too many of them waited.`;
  return { at: iso(to), key: '', label: null, state: 'no_data', value: null, threshold: null, reason };
}

function isSame(one: AlertRecord['history'][number], other: AlertRecord['history'][number]): boolean {
  return one.at === other.at && one.reason === other.reason;
}
