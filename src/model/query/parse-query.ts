import { type MeasureName, isMeasureName } from '../catalog/measure-expression.ts';
import { measures } from '../catalog/measures.ts';
import { badQuery, impossibleQuery, shown, unknownName } from './bad-query.ts';
import { readArray, readBoolean, readBounds, readNumber, readObject } from './json-reader.ts';
import { MAX_CLAUSES, MAX_HAVING, MAX_MEASURES, MAX_SPLITS } from './limits.ts';
import { parseClause } from './parse-clause.ts';
import { parseSplit } from './parse-split.ts';
import { parseDurationText, parseTimeRange, parseTimeZone } from './parse-time.ts';
import type { Clause, Having, Query } from './query.ts';
import { sortKey } from './sort-measure.ts';

const keys = 'time filter having having_depth splits measures compare other hidden subtotals timezone'.split(
  ' ',
);
const measureNames: readonly string[] = measures.map((measure) => measure.name);

/**
 * A query from its JSON (`docs/query.md`). Everything may be left out; `{}` counts all flows.
 * @throws PeepholeError `bad_query`, with the `path` of what is wrong and, where it helps, what is `allowed` there.
 */
export function parseQuery(json: unknown): Query {
  const given = readObject(json, 'query', keys);
  const timezone = parseTimeZone(given['timezone']);
  const time = parseTimeRange(given['time'], timezone);
  const asked = parseMeasures(given['measures']);
  const splits = readArray(given['splits'], 'splits', MAX_SPLITS).map((split, i) =>
    parseSplit(split, `splits[${i}]`, asked[0] ?? 'flows'),
  );
  const compare = parseCompare(given['compare'], time !== null);
  const changed = splits.findIndex((split) => (sortKey(split)?.of ?? 'value') !== 'value');
  if (compare === null && changed >= 0)
    throw impossibleQuery(
      `splits[${changed}].sort.by`,
      'is a change, which there is only where the query compares with an earlier period: set "compare".',
    );
  return {
    time,
    filter: parseFilter(given['filter'], timezone),
    having: readArray(given['having'], 'having', MAX_HAVING).map((item, i) =>
      parseHaving(item, `having[${i}]`),
    ),
    havingDepth: parseDepth(given['having_depth'], splits.length),
    splits,
    measures: asked,
    compare,
    other: readBoolean(given['other'], 'other'),
    hidden: readBoolean(given['hidden'], 'hidden'),
    subtotals: readBoolean(given['subtotals'], 'subtotals'),
    timezone,
  };
}

/** The clauses of a filter alone, as requests for raw records carry them. */
export function parseFilter(json: unknown, timezone: string): readonly Clause[] {
  return readArray(json, 'filter', MAX_CLAUSES).map((clause, i) =>
    parseClause(clause, `filter[${i}]`, timezone),
  );
}

function parseMeasures(value: unknown): readonly MeasureName[] {
  const names = readArray(value, 'measures', MAX_MEASURES);
  if (names.length === 0) return ['flows'];
  const asked = names.map((name, i) => parseMeasure(name, `measures[${i}]`));
  const repeated = asked.findIndex((name, i) => asked.indexOf(name) < i);
  if (repeated >= 0) throw badQuery(`measures[${repeated}]`, `${asked[repeated]} is asked for twice.`);
  return asked;
}

/** A measure's name, of the catalog or one that defines it. @throws PeepholeError `bad_query` */
export function parseMeasure(value: unknown, path: string): MeasureName {
  if (typeof value !== 'string')
    throw badQuery(path, `must be a measure's name, not ${shown(value)}.`, measureNames);
  if (!isMeasureName(value)) throw unknownName(path, 'measure', value, measureNames);
  return value;
}

function parseHaving(value: unknown, path: string): Having {
  const json = readObject(value, path, ['measure', 'between']);
  return {
    measure: parseMeasure(json['measure'], `${path}.measure`),
    ...readBounds(json['between'], `${path}.between`, readNumber),
  };
}

function parseDepth(value: unknown, splits: number): number | null {
  if (value === undefined || value === null) return null;
  const isDepth = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_SPLITS;
  if (!isDepth || value > splits) {
    const allowed = splits === 0 ? 'there are no splits' : `a whole number from 1 to ${splits}, the splits`;
    // The schema can't tell how many splits there are.
    const refusal = isDepth ? impossibleQuery : badQuery;
    throw refusal(
      'having_depth',
      `must be ${splits === 0 ? `left out: ${allowed}` : allowed}, not ${shown(value)}.`,
    );
  }
  return value;
}

function parseCompare(value: unknown, hasTime: boolean): Query['compare'] {
  if (value === undefined || value === null) return null;
  const json = readObject(value, 'compare', ['shift']);
  const shift = parseDurationText(json['shift'], 'compare.shift');
  if (!hasTime) throw badQuery('compare', 'needs a time range to compare with an earlier one: set "time".');
  return { shift };
}
