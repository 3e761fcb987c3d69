import type { Field } from '../catalog/field.ts';
import { isMeasureName } from '../catalog/measure-expression.ts';
import { measures } from '../catalog/measures.ts';
import { commonTimeBuckets, parseTimeBucket } from '../time/time-bucket.ts';
import { badQuery, impossibleQuery, shown, unknownName } from './bad-query.ts';
import { isClock, queryField } from './query-field.ts';
import { readObject } from './json-reader.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './limits.ts';
import { parseFieldName } from './parse-clause.ts';
import type { Split } from './query.ts';
import { parseSortKey } from './sort-measure.ts';

/**
 * One split. What it doesn't say: time has no limit and runs forward; anything else shows the
 * `DEFAULT_LIMIT` largest by the query's first measure. `"limit": null` asks for all.
 */
export function parseSplit(value: unknown, path: string, firstMeasure: string): Split {
  const json = readObject(value, path, ['field', 'bucket', 'limit', 'sort']);
  const { name, field } = parseFieldName(json['field'], `${path}.field`);
  const isTime = field.type === 'time';
  return {
    field: name,
    bucket: parseBucket(json['bucket'], `${path}.bucket`, name, field),
    limit: parseLimit(json['limit'], `${path}.limit`, isTime ? null : DEFAULT_LIMIT),
    sort: parseSort(
      json['sort'],
      `${path}.sort`,
      name,
      isTime || isClock(name) ? { by: name, order: 'asc' } : { by: firstMeasure, order: 'desc' },
    ),
  };
}

function parseBucket(value: unknown, path: string, name: string, field: Field): Split['bucket'] {
  switch (field.type) {
    case 'time':
      if (value === undefined || value === null) return null;
      if (typeof value !== 'string' || parseTimeBucket(value) === null) {
        throw badQuery(
          path,
          `must be one of ${commonTimeBuckets.join(', ')}, or another ISO 8601 duration that divides an hour, a day or a year evenly, not ${shown(value)}.`,
          commonTimeBuckets,
        );
      }
      return { kind: 'time', duration: value };
    case 'integer':
    case 'counter': {
      if (value === undefined || value === null) {
        if (field.role === 'measure') {
          throw badQuery(path, `${name} is an amount: splitting by it needs a bucket, such as 1000.`);
        }
        return null;
      }
      const width = value;
      if (typeof width !== 'number' || !(width >= 1e-9 && width <= Number.MAX_SAFE_INTEGER)) {
        throw badQuery(path, `must be a number above 0, not ${shown(value)}.`);
      }
      return { kind: 'number', width };
    }
    case 'text':
    case 'address':
      if (value === undefined || value === null) return null;
      throw badQuery(path, `${name} is neither a time nor a number: it has no buckets.`, []);
  }
}

function parseLimit(value: unknown, path: string, absent: number | null): number | null {
  if (value === undefined) return absent;
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_LIMIT) {
    throw badQuery(
      path,
      `must be a whole number from 1 to ${MAX_LIMIT}, or null for all, not ${shown(value)}.`,
    );
  }
  return value;
}

function parseSort(value: unknown, path: string, name: string, absent: Split['sort']): Split['sort'] {
  if (value === undefined) return absent;
  const json = readObject(value, path, ['by', 'order']);
  const by = json['by'] ?? absent.by;
  if (typeof by !== 'string' || (by !== name && parseSortKey(by) === null)) {
    const allowed = [name, ...measures.map((measure) => measure.name)];
    // That two members must be the same is what the schema can't tell.
    if (typeof by === 'string' && queryField(by) !== undefined) {
      const problem = `${by} is not a measure or split field: what is split by ${name} is sorted by a measure, or by ${name}.`;
      throw impossibleQuery(`${path}.by`, problem, allowed);
    }
    throw unknownName(`${path}.by`, 'measure or split field', String(by), allowed);
  }
  const order = json['order'] ?? (by === name && !isMeasureName(by) ? 'asc' : 'desc');
  if (order !== 'asc' && order !== 'desc') {
    throw badQuery(`${path}.order`, `must be "asc" or "desc", not ${shown(order)}.`, ['asc', 'desc']);
  }
  return { by, order };
}
