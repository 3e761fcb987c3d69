import { isMeasureName } from '../catalog/measure-expression.ts';
import { measures } from '../catalog/measures.ts';
import { findingKinds, type FindingKind } from '../knocks/finding-kinds.ts';
import { badQuery, shown, unknownName } from '../query/bad-query.ts';
import { readArray, readNumber, readObject, readText, type JsonObject } from '../query/json-reader.ts';
import { MAX_CLAUSES } from '../query/limits.ts';
import { parseFilter } from '../query/parse-query.ts';
import { queryField, queryFieldNames } from '../query/query-field.ts';
import { conditionKinds, type AlertCondition, type AlertContent } from './alert.ts';

export const MOST_CHANNELS = 20;
export const MOST_SOURCE_NAME = 4096;
export const MOST_ALERT_NOTE = 4_000;
export const MOST_CHANNEL_NAME = 60;
export const MOST_WINDOWS = 1_000;

/** How often an alert may be looked at, and how long its window may be: each divides a day. */
export const alertSteps = [
  'PT1M',
  'PT2M',
  'PT5M',
  'PT10M',
  'PT15M',
  'PT20M',
  'PT30M',
  'PT1H',
  'PT2H',
  'PT3H',
  'PT4H',
  'PT6H',
  'PT8H',
  'PT12H',
  'P1D', // prettier-ignore
] as const;

/** Other lengths of time: whole minutes, hours, days or weeks, so that each has a fixed length. */
export const lengthForm = '^P(?:[1-9][0-9]?[DW]|T[1-9][0-9]{0,3}M|T[1-9][0-9]{0,2}H)$';
const length = new RegExp(lengthForm);

export const alertKeys = ['enabled', 'condition', 'every', 'delay', 'for', 'channels', 'note'];

/** Checks an alert that came as JSON, without its name. Throws `bad_query`, and `impossible_query` for a filter that can't be. */
export function parseAlert(given: JsonObject): Omit<AlertContent, 'name'> {
  const every = readStep(given['every'], 'every', 'PT5M');
  return {
    enabled: given['enabled'] === undefined ? true : readFlag(given['enabled'], 'enabled'),
    condition: parseCondition(given['condition']),
    every,
    delay: readLength(given['delay'], 'delay', 'PT15M'),
    for: given['for'] === undefined || given['for'] === null ? null : readLength(given['for'], 'for', null),
    channels: readArray(given['channels'], 'channels', MOST_CHANNELS).map((name, i) =>
      readText(name, `channels[${i}]`, MOST_CHANNEL_NAME),
    ),
    note:
      given['note'] === undefined || given['note'] === null
        ? null
        : readText(given['note'], 'note', MOST_ALERT_NOTE),
  };
}

const keysOf: Readonly<Record<AlertCondition['kind'], readonly string[]>> = {
  amount: ['filter', 'window', 'measure', 'split', 'above', 'below'],
  change: ['filter', 'window', 'measure', 'split', 'shift', 'increase', 'decrease', 'at_least'],
  new_value: ['filter', 'window', 'field', 'known'],
  absence: ['filter', 'window', 'split', 'windows'],
  finding: ['kinds', 'score'],
  source_lag: ['source', 'lag'],
  no_logs: ['lasting'],
};

function parseCondition(json: unknown): AlertCondition {
  const path = 'condition';
  const all = ['kind', ...new Set(Object.values(keysOf).flat())];
  const { kind } = readObject(json, path, all);
  const known = conditionKinds.find((one) => one === kind);
  if (known === undefined)
    throw badQuery(
      `${path}.kind`,
      `must be one of ${conditionKinds.join(', ')}, not ${shown(kind)}.`,
      conditionKinds,
    );
  const given = readObject(json, path, ['kind', ...keysOf[known]]);
  switch (known) {
    case 'amount': {
      const [above, below] = oneOf(given, 'above', 'below', path);
      return { kind: known, ...readMeasure(given, path), above, below };
    }
    case 'change': {
      const [increase, decrease] = oneOf(given, 'increase', 'decrease', path);
      if ((increase ?? 1) <= 0 || (decrease ?? 1) <= 0 || (decrease ?? 1) > 100)
        throw badQuery(path, 'increase is above 0 percent, decrease above 0 and at most 100.');
      const atLeast = given['at_least'] === undefined ? 0 : readNumber(given['at_least'], `${path}.at_least`);
      const shift = readLength(given['shift'], `${path}.shift`, null);
      return { kind: known, ...readMeasure(given, path), shift, increase, decrease, at_least: atLeast };
    }
    case 'new_value':
      return {
        kind: known,
        ...readFlows(given, path),
        field: readField(given['field'], `${path}.field`),
        known: readLength(given['known'], `${path}.known`, 'P30D'),
      };
    case 'absence':
      return {
        kind: known,
        ...readFlows(given, path),
        split: readSplit(given['split'], `${path}.split`),
        windows: readWhole(given['windows'], `${path}.windows`, 24, MOST_WINDOWS),
      };
    case 'finding':
      return {
        kind: known,
        kinds: readArray(given['kinds'], `${path}.kinds`, findingKinds.length).map((one, i) =>
          readKind(one, `${path}.kinds[${i}]`),
        ),
        score: given['score'] === undefined ? 0 : readShare(given['score'], `${path}.score`),
      };
    case 'source_lag':
      return {
        kind: known,
        source:
          given['source'] === undefined || given['source'] === null
            ? null
            : readText(given['source'], `${path}.source`, MOST_SOURCE_NAME),
        lag: readLength(given['lag'], `${path}.lag`, null),
      };
    case 'no_logs':
      return {
        kind: known,
        lasting: readLength(given['lasting'], `${path}.lasting`, null),
      };
  }
}

function readMeasure(
  given: JsonObject,
  path: string,
): Pick<AlertCondition & { kind: 'amount' }, 'filter' | 'window' | 'measure' | 'split'> {
  const measure = given['measure'];
  if (typeof measure !== 'string' || !isMeasureName(measure))
    throw unknownName(
      `${path}.measure`,
      'measure',
      String(measure),
      measures.map(({ name }) => name),
    );
  return { ...readFlows(given, path), measure, split: readSplit(given['split'], `${path}.split`) };
}

function readFlows(
  given: JsonObject,
  path: string,
): { readonly filter: readonly unknown[]; readonly window: string } {
  const filter = readArray(given['filter'], `${path}.filter`, MAX_CLAUSES);
  parseFilter(filter, 'Etc/UTC');
  const window = readStep(given['window'], `${path}.window`, 'PT1H');
  return { filter, window };
}

/** Exactly one of two bounds. */
function oneOf(
  given: JsonObject,
  first: string,
  second: string,
  path: string,
): readonly [number | null, number | null] {
  const [a, b] = [first, second].map((key) =>
    given[key] === undefined || given[key] === null ? null : readNumber(given[key], `${path}.${key}`),
  );
  if (((a ?? null) === null) === ((b ?? null) === null))
    throw badQuery(path, `needs either ${first} or ${second}.`, [first, second]);
  return [a ?? null, b ?? null];
}

function readSplit(value: unknown, path: string): string | null {
  return value === undefined || value === null ? null : readField(value, path);
}

/** The name of a field that is not a time, such as dstport. Throws `bad_query`. */
export function readField(value: unknown, path: string): string {
  if (typeof value !== 'string') throw badQuery(path, `must be a field's name, not ${shown(value)}.`);
  if (queryField(value) === undefined) throw unknownName(path, 'field', value, queryFieldNames);
  if (queryField(value)?.type === 'time') throw badQuery(path, 'a time has no values to tell apart.');
  return value;
}

/** A kind of finding. Throws `bad_query`. */
export function readKind(value: unknown, path: string): FindingKind {
  const kind = findingKinds.find((one) => one === value);
  if (kind === undefined) throw unknownName(path, 'kind of findings', String(value), findingKinds);
  return kind;
}

function readShare(value: unknown, path: string): number {
  const share = readNumber(value, path);
  if (share < 0 || share > 1) throw badQuery(path, `must be from 0 to 1, not ${share}.`);
  return share;
}

function readWhole(value: unknown, path: string, absent: number, most: number): number {
  if (value === undefined) return absent;
  const number = readNumber(value, path);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw badQuery(path, `must be a whole number from 1 to ${most}, not ${number}.`);
  return number;
}

function readFlag(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw badQuery(path, `must be true or false, not ${shown(value)}.`);
  return value;
}

/** A duration of one unit. */
function readLength(value: unknown, path: string, absent: string | null): string {
  if (value === undefined && absent !== null) return absent;
  if (typeof value !== 'string' || !length.test(value))
    throw badQuery(
      path,
      `must be at least one minute: minutes (PT90M), hours (PT6H), days (P7D) or weeks (P2W), not ${shown(value)}.`,
    );
  return value;
}

function readStep(value: unknown, path: string, absent: string): string {
  if (value === undefined) return absent;
  const step = alertSteps.find((one) => one === value);
  if (step === undefined)
    throw badQuery(path, `must be one of ${alertSteps.join(', ')}, not ${shown(value)}.`, alertSteps);
  return step;
}
