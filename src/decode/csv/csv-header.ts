import type { Field } from '../../model/catalog/field.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { awsName, isSumName, stampName, tellsFlow } from '../field-names.ts';
import { MAX_FIELDS } from '../field-layout.ts';
import { csvFields } from './csv-row.ts';

/**
 * What the columns of a table hold:
 * - `message`: one of them the flow-log line (CloudWatch's console, Logs Insights with `@message`);
 * - `fields`: a field each, by name; `places` says which columns, `names` what they are. Columns
 *   like `@ingestionTime` are CloudWatch's own and no part of the record.
 * - `sums`: what Logs Insights counts and adds up with `stats`, which are no records; `name` is such a column.
 *
 * `stamp`: the column with the time of the event, for records without a start; -1: there is none.
 */
export type CsvHeader =
  | {
      readonly kind: 'message';
      readonly columns: number;
      readonly stamp: number;
      readonly place: number;
    }
  | {
      readonly kind: 'fields';
      readonly columns: number;
      readonly stamp: number;
      readonly places: readonly number[];
      readonly names: readonly string[];
      /** What the catalog knows of each name. */
      readonly fields: readonly (Field | undefined)[];
    }
  | { readonly kind: 'sums'; readonly name: string };

/** Every header has one of these in it: a quick look that spares most rows the slow one. */
const MAY_BE_HEADER = /addr|port|message|interface|tgw|status/i;
const NAME = /^@?[A-Za-z][\w.-]*$/;
/** Fields of which two make a table, whatever else is in it. */
const ENDS = new Set('srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport'.split(' '));

/** Reads a row as a header; null if it is none. */
export function csvHeader(row: string, separator: string): CsvHeader | null {
  if (!MAY_BE_HEADER.test(row)) return null;
  const names = csvFields(row, separator)?.map((name) => name.trim()) ?? [];
  const stampColumn = stampName(names);
  const stamp = stampColumn === null ? -1 : names.indexOf(stampColumn);
  const columns = names.length;
  const place = names.findIndex((name) => /^@?message$/i.test(name));
  if (place >= 0) return names.every(isColumnName) ? { kind: 'message', columns, stamp, place } : null;
  if (columns < 2 || columns > MAX_FIELDS || !isTable(names)) return null;
  const sums = names.find(isSumName);
  if (sums !== undefined) return { kind: 'sums', name: sums };
  const seen = new Set<string>();
  const places: number[] = [];
  const kept: string[] = [];
  for (const [i, name] of names.entries()) {
    if (name === '' || name.startsWith('@')) continue;
    const aws = awsName(name) ?? name;
    const own = unusedName(seen.has(aws) ? name : aws, seen);
    // A timestamp that is the record's time is not kept beside it.
    if (i === stamp && !names.some((other) => awsName(other) === 'start')) continue;
    seen.add(own);
    places.push(i);
    kept.push(own);
  }
  return {
    kind: 'fields',
    columns,
    stamp,
    places,
    names: kept,
    fields: kept.map((name) => fieldNamed(name)),
  };
}

/** Two names of addresses or ports tell a table; so do names of which half are fields, if one of them is telling. */
function isTable(names: readonly string[]): boolean {
  const own = names.filter((name) => name !== '' && !name.startsWith('@'));
  const known = own.flatMap((name) => awsName(name) ?? []);
  if (known.filter((name) => ENDS.has(name)).length >= 2) return true;
  return (
    own.every((name) => NAME.test(name) || isSumName(name)) &&
    known.length * 2 >= own.length &&
    tellsFlow(own)
  );
}

function isColumnName(name: string): boolean {
  return name.length <= 100 && /^(?:@?[A-Za-z_].*)?$/.test(name);
}

/** The name, or the name with a number, if it stands there already. */
function unusedName(name: string, seen: ReadonlySet<string>): string {
  let unused = name;
  for (let n = 2; seen.has(unused); n += 1) unused = `${name} (${n})`;
  return unused;
}
