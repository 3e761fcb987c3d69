import { awsName, layoutOfKeys, tellsFlow } from '../field-names.ts';
import { csvFields } from './csv-row.ts';

/**
 * What the columns of a CSV file hold:
 * - `message`: one of them the flow-log line (CloudWatch's console, Logs Insights with `@message`);
 * - `fields`: a field each, by name; `places` says which columns, `names` what they are. Columns
 *   like `@timestamp` are CloudWatch's own and no part of the record.
 */
export type CsvHeader =
  | { readonly kind: 'message'; readonly columns: number; readonly place: number }
  | {
      readonly kind: 'fields';
      readonly columns: number;
      readonly places: readonly number[];
      readonly names: readonly string[];
    };

const NAME = /^@?[A-Za-z][\w.-]*$/;

/** Reads a row as a header; null if it is none. */
export function csvHeader(row: string): CsvHeader | null {
  const names = csvFields(row)?.map((name) => name.trim()) ?? [];
  if (names.length === 0 || !names.every((name) => NAME.test(name))) return null;
  const columns = names.length;
  const place = names.findIndex((name) => /^@?message$/i.test(name));
  if (place >= 0) return { kind: 'message', columns, place };
  if (columns < 2) return null;
  const places = names.flatMap((name, i) => (name.startsWith('@') ? [] : [i]));
  const own = places.map((i) => names[i]!);
  const known = own.filter((name) => awsName(name) !== undefined);
  if (known.length * 2 < own.length || !tellsFlow(own)) return null;
  const layout = layoutOfKeys(own);
  return typeof layout === 'string' ? null : { kind: 'fields', columns, places, names: layout.names };
}
