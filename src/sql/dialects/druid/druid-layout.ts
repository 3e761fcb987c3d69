import { EXTRA } from '../../../model/record/record-batch.ts';
import { fields } from '../../../model/catalog/fields.ts';
import type { Field } from '../../../model/catalog/field.ts';

/**
 * How records lie in Druid: a row for each flow in one data source, never rolled up.
 *
 * - `__time` is the start, to the second; flows without one have `NO_TIME`, which no start is;
 * - texts and addresses are strings as people read them (IPv6 as RFC 5952 has it), whole numbers and `end` (Unix
 *   seconds) are longs, null where nothing was logged;
 * - `batch` says with which batch a row came.
 */

/** Milliseconds: where flows without a start lie. */
export const NO_TIME = -1;

/** The column of a row's batch. */
export const BATCH = 'batch';

/** The columns beside `__time` and `batch`, whether anything was logged in them or not. */
export const storedFields: readonly { readonly name: string; readonly type: 'string' | 'long' }[] = [
  ...fields.filter(({ name }) => name !== 'start').map(({ name, type }) => ({ name, type: druidType(type) })),
  { name: EXTRA, type: 'string' },
];

function druidType(type: Field['type']): 'string' | 'long' {
  return type === 'text' || type === 'address' ? 'string' : 'long';
}

export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A moment as Druid writes it. @param second Unix seconds */
export function timestamp(second: number): string {
  return `TIMESTAMP '${new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')}'`;
}

/** The second that a row starts in, where it has one. */
export const START_SECOND = '(TIMESTAMP_TO_MILLIS("__time") / 1000)';

/** That a row has a start. */
export const HAS_START = `"__time" >= ${timestamp(0)}`;
