import { badQuery, impossibleQuery } from '../query/bad-query.ts';
import { readObject, readText } from '../query/json-reader.ts';
import { parseInstant } from '../query/parse-time.ts';
import { MOST_ALERT_NOTE } from './parse-alert.ts';

export const MOST_KEY = 65_536;

/** What keeps an alert quiet: `{"until": "…", "reason": "…"}`, for one series with its `key`. */
export interface SilenceRequest {
  readonly key: string | null;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly reason: string;
}

/**
 * Checks a silence that came as JSON. Throws `bad_query`, and `impossible_query` for a moment that is past.
 *
 * @param now milliseconds since 1970
 */
export function parseSilence(json: unknown, now: number): SilenceRequest {
  const given = readObject(json, 'body', ['key', 'until', 'reason']);
  if (given['until'] === undefined)
    throw badQuery('until', 'is missing: say until when, as 2026-02-01T00:00:00Z.');
  const reason = readReason(given['reason'], 'reason');
  const key = given['key'] === undefined || given['key'] === null ? null : readKey(given['key']);
  const until = parseInstant(given['until'], 'until', 'Etc/UTC');
  if (until <= now) throw impossibleQuery('until', 'is past: a silence lasts until a later moment.');
  return { key, until: new Date(until).toISOString(), reason };
}

/** Checks that somebody looks after a series: `{"key": "…", "note": "…"}`. Throws `bad_query`. */
export function parseAcknowledgement(json: unknown): { readonly key: string; readonly note: string } {
  const given = readObject(json, 'body', ['key', 'note']);
  return {
    key: given['key'] === undefined ? '' : readKey(given['key']),
    note: readReason(given['note'], 'note'),
  };
}

function readKey(value: unknown): string {
  return readText(value, 'key', MOST_KEY);
}

function readReason(value: unknown, path: string): string {
  const text = readText(value, path, MOST_ALERT_NOTE);
  if (text.trim() === '') throw badQuery(path, 'must not be empty: say why, for whoever reads it later.');
  return text;
}
