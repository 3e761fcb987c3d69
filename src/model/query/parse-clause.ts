import type { Field } from '../catalog/field.ts';
import { parseBlock } from './address-block.ts';
import { badQuery, impossibleQuery, shown, unknownName } from './bad-query.ts';
import { readArray, readBoolean, readBounds, readNumber, readObject, readText } from './json-reader.ts';
import { MAX_LONG_TEXTS, MAX_RANGES, MAX_SHORT_TEXT, MAX_TEXT, MAX_VALUES } from './limits.ts';
import { parseInstant } from './parse-time.ts';
import { parseValue } from './parse-value.ts';
import type { Clause, Scalar } from './query.ts';
import { type ClauseKind, clauseKindsFor, queryField, queryFieldNames } from './query-field.ts';

const kinds: readonly ClauseKind[] = ['in', 'contains', 'matches', 'cidr', 'between', 'ranges'];

/** One condition: `field`, exactly one key that says the kind, and perhaps `not`. */
export function parseClause(value: unknown, path: string, timezone: string): Clause {
  const json = readObject(value, path, ['field', 'not', ...kinds]);
  const { name, field } = parseFieldName(json['field'], `${path}.field`);
  const not = readBoolean(json['not'], `${path}.not`);
  const allowed = clauseKindsFor(field.type);
  const given = kinds.filter((kind) => json[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    const got = given.length === 0 ? 'none' : given.join(' and ');
    throw badQuery(path, `needs exactly one of ${allowed.join(', ')}; it has ${got}.`, allowed);
  }
  const at = `${path}.${kind}`;
  if (!allowed.includes(kind)) {
    throw badQuery(at, `${name} can't carry this condition. Allowed: ${allowed.join(', ')}.`, allowed);
  }
  const body = json[kind];
  switch (kind) {
    case 'in': {
      const values = readArray(body, at, MAX_VALUES).map((item, i) =>
        parseValue(item, `${at}[${i}]`, field, timezone),
      );
      if (field.type === 'text') checkLengths(values, at);
      return { kind, field: name, values, not };
    }
    case 'contains':
      return { kind, field: name, text: readText(body, at, MAX_TEXT), not };
    case 'matches':
      return { kind, field: name, pattern: readText(body, at, MAX_TEXT), not };
    case 'cidr': {
      const blocks = readArray(body, at, MAX_VALUES);
      return { kind, field: name, blocks: blocks.map((item, i) => parseBlockText(item, `${at}[${i}]`)), not };
    }
    case 'between': {
      const read = (bound: unknown, where: string): number =>
        field.type === 'time' ? parseInstant(bound, where, timezone) : readNumber(bound, where);
      return { kind, field: name, ...readBounds(body, at, read), not };
    }
    case 'ranges': {
      const ranges = readArray(body, at, MAX_RANGES);
      return {
        kind,
        field: name,
        ranges: ranges.map((item, i) => parseRange(item, `${at}[${i}]`, timezone)),
        not,
      };
    }
  }
}

function parseRange(
  value: unknown,
  path: string,
  timezone: string,
): { readonly from: number; readonly to: number } {
  const json = readObject(value, path, ['from', 'to']);
  const from = parseInstant(json['from'], `${path}.from`, timezone);
  const to = parseInstant(json['to'], `${path}.to`, timezone);
  if (from >= to)
    throw impossibleQuery(path, '"from" must be before "to"; "to" itself is not part of the range.');
  return { from, to };
}

function checkLengths(values: readonly Scalar[], path: string): void {
  if (values.length <= MAX_LONG_TEXTS) return;
  const i = values.findIndex((value) => typeof value === 'string' && value.length > MAX_SHORT_TEXT);
  if (i < 0) return;
  throw badQuery(
    `${path}[${i}]`,
    `is too long for so long a list: of more than ${MAX_LONG_TEXTS} values each has at most ${MAX_SHORT_TEXT} characters.`,
  );
}

/** A field's name as the query has it (`time` stays `time`), and the catalog's field. */
export function parseFieldName(
  value: unknown,
  path: string,
): { readonly name: string; readonly field: Field } {
  if (value === undefined) throw badQuery(path, 'is missing.', queryFieldNames);
  if (typeof value !== 'string') {
    throw badQuery(path, `must be the name of a field, not ${shown(value)}.`, queryFieldNames);
  }
  const field = queryField(value);
  if (field === undefined) throw unknownName(path, 'field', value, queryFieldNames);
  return { name: value, field };
}

function parseBlockText(value: unknown, path: string): string {
  if (typeof value !== 'string' || parseBlock(value) === null) {
    throw badQuery(
      path,
      `must be a block such as 10.0.0.0/8 or 2001:db8::/32, or an address, not ${shown(value)}.`,
    );
  }
  return value;
}
