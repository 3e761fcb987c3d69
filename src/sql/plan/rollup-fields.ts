import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { fieldOf } from './condition.ts';
import type { Rollup } from './rollup.ts';

/** The stored fields behind a field, without its start: of that the hour is enough. */
export function storedInputsOf(field: Field): readonly string[] {
  return isDerived(field) ? field.from.filter((name) => name !== 'start') : [field.name];
}

/** Whether a rollup has a field, or what it is derived of. */
export function rollupHasField(rollup: Rollup, field: Field): boolean {
  if (isDerived(field) && field.from.includes('start') && rollup.hours > 1) return false;
  return storedInputsOf(field).every((name) => rollup.keeps(fieldOf(name)));
}
