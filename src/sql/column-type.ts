import type { FieldType } from '../model/catalog/field.ts';

/** What a column of an answer holds, by the type of its field. */
export const columnTypes = {
  address: 'address',
  text: 'text',
  integer: 'number',
  counter: 'number',
  time: 'time',
} as const satisfies Readonly<Record<FieldType, string>>;
