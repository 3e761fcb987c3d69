import { impossibleQuery, badQuery, shown } from '../query/bad-query.ts';
import { readObject, readText } from '../query/json-reader.ts';
import { parseInstant, parseTimeRange } from '../query/parse-time.ts';
import { MOST_NOTE, settableStates, type SettableState } from './finding-state.ts';

/** What somebody decided about a finding. */
export interface StateChange {
  readonly state: SettableState;
  readonly note: string | null;
  /** Unix seconds; of `muted` alone. */
  readonly until: number | null;
  /** The time, in the JSON of a query, whose investigation reported the finding; null: all data. */
  readonly time: unknown;
}

/**
 * Checks a change of a finding's state that came as JSON: `{"state": "acknowledged", "note": "…"}`,
 * `{"state": "muted", "until": "…"}`. Throws `bad_query` for what has another form, and `impossible_query` for a moment
 * that is past.
 *
 * @param now Unix seconds
 */
export function parseStateChange(json: unknown, now: number): StateChange {
  const given = readObject(json, 'body', ['state', 'note', 'until', 'time']);
  const state = settableStates.find((one) => one === given['state']);
  if (state === undefined) {
    const hint = given['state'] === 'new' ? ' A finding becomes new by itself.' : '';
    throw badQuery(
      'state',
      `must be one of ${settableStates.join(', ')}, not ${shown(given['state'])}.${hint}`,
      settableStates,
    );
  }
  const note = readNote(given['note']);
  if (state === 'acknowledged' && note === null)
    throw badQuery('note', 'is missing: say why the finding is acknowledged, for whoever reads it later.');
  if (state !== 'muted' && given['until'] !== undefined && given['until'] !== null)
    throw badQuery('until', 'is for the state muted alone.');
  const time = given['time'] ?? null;
  // Here rather than where the time is used, so that a wrong one changes nothing.
  parseTimeRange(time, 'Etc/UTC');
  if (state !== 'muted') return { state, note, until: null, time };
  if (given['until'] === undefined || given['until'] === null)
    throw badQuery('until', 'is missing: say until when it is muted, as 2026-02-01T00:00:00Z.');
  const until = Math.floor(parseInstant(given['until'], 'until', 'Etc/UTC') / 1000);
  if (until <= now) throw impossibleQuery('until', 'is past: a finding is muted until a later moment.');
  return { state, note, until, time };
}

function readNote(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const note = readText(value, 'note', MOST_NOTE).trim();
  return note === '' ? null : note;
}
