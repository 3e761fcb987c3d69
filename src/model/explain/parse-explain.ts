import { badQuery, unknownName } from '../query/bad-query.ts';
import { readArray, readNumber, readObject } from '../query/json-reader.ts';
import { parseFilter } from '../query/parse-query.ts';
import { parseDurationText, parseTimeRange, parseTimeZone } from '../query/parse-time.ts';
import { queryField } from '../query/query-field.ts';
import { type ExplainBy, type ExplainQuestion, type ExplainRequest, explainBys } from './explanation.ts';

const keys = [
  'time',
  'filter',
  'selection',
  'earlier',
  'by',
  'dimensions',
  'min_support',
  'min_ratio',
  'timezone',
];
export const MOST_DIMENSIONS = 10;

/** @throws PeepholeError `bad_query`, with the path of what is wrong */
export function parseExplain(json: unknown): ExplainRequest {
  const given = readObject(json, 'query', keys);
  const timezone = parseTimeZone(given['timezone']);
  const time = parseTimeRange(given['time'], timezone);
  return {
    time,
    filter: parseFilter(given['filter'], timezone),
    question: parseQuestion(given, timezone, time !== null),
    by: parseBy(given['by']),
    dimensions: parseDimensions(given['dimensions']),
    minSupport: share(given['min_support'], 'min_support'),
    minRatio: given['min_ratio'] === undefined ? null : readNumber(given['min_ratio'], 'min_ratio'),
    timezone,
  };
}

function parseQuestion(
  given: Readonly<Record<string, unknown>>,
  timezone: string,
  hasTime: boolean,
): ExplainQuestion {
  if (given['earlier'] !== undefined && given['earlier'] !== null) {
    if (given['selection'] !== undefined)
      throw badQuery('earlier', 'is a question of its own: leave out "selection", or put it into "filter".');
    const json = readObject(given['earlier'], 'earlier', ['shift']);
    if (!hasTime) throw badQuery('earlier', 'needs a time range to compare with an earlier one: set "time".');
    return { kind: 'earlier', shift: parseDurationText(json['shift'], 'earlier.shift') };
  }
  const selection = parseFilter(given['selection'], timezone);
  if (selection.length === 0)
    throw badQuery('selection', 'is missing: say which flows to explain, or compare with "earlier".', [
      'selection',
      'earlier',
    ]);
  return { kind: 'selection', selection };
}

function parseBy(value: unknown): ExplainBy {
  const by = value === undefined ? 'flows' : explainBys.find((one) => one === value);
  if (by === undefined) throw badQuery('by', `must be one of ${explainBys.join(', ')}.`, explainBys);
  return by;
}

function parseDimensions(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const names = readArray(value, 'dimensions', MOST_DIMENSIONS);
  return names.map((name, i) => {
    const field = typeof name === 'string' ? queryField(name) : undefined;
    if (field === undefined) throw unknownName(`dimensions[${i}]`, 'field', String(name), []);
    if (field.role !== 'dimension')
      throw badQuery(`dimensions[${i}]`, `${field.name} is an amount or a time: give a field with values.`);
    return field.name;
  });
}

function share(value: unknown, path: string): number | null {
  if (value === undefined) return null;
  const number = readNumber(value, path);
  if (number <= 0 || number > 1) throw badQuery(path, 'must be above 0 and at most 1.');
  return number;
}
