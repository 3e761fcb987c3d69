import { derivedFields } from '../model/catalog/derived-fields.ts';
import { fields } from '../model/catalog/fields.ts';
import { EXTRA } from '../model/record/record-batch.ts';

/** Fields that the catalog does not know are columns of their own in the views, up to so many; more are still there, in `extra`. */
export const MOST_UNKNOWN_COLUMNS = 1_000;

/** Our names for fields that the catalog does not know: snake_case, distinguished where two would be one. */
export function unknownColumns(extra: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set([...fields, ...derivedFields].map(({ name }) => name));
  const names = new Map<string, string>();
  for (const aws of extra) {
    const plain = aws.toLowerCase().replaceAll('-', '_');
    let name = plain;
    for (let n = 2; taken.has(name) || names.has(name) || name === EXTRA; n++) name = `${plain}_${n}`;
    names.set(name, aws);
  }
  return names;
}
