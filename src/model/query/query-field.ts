import { isDerived } from '../catalog/derived-field.ts';
import type { Field } from '../catalog/field.ts';
import { derivedFieldNamed, derivedFields } from '../catalog/derived-fields.ts';
import { fieldNamed, fields } from '../catalog/fields.ts';

/** The name that queries have for the start of a flow; `start` says the same. */
export const TIME = 'time';

/** Every name that a clause or a split may carry. */
export const queryFieldNames: readonly string[] = [
  TIME,
  ...[...fields, ...derivedFields].map((field) => field.name),
];

/** The field, logged or derived, that a query's field name means: `time` is `start`. Undefined if there is none. */
export function queryField(name: string): Field | undefined {
  if (name === TIME) return fieldNamed('start');
  const field = fieldNamed(name);
  return field?.name === name ? field : derivedFieldNamed(name);
}

/** Whether a query's field name means a derived field whose values are looked up: what clocks read needs none of it. */
export function isDerivedName(name: string): boolean {
  const field = queryField(name);
  return field !== undefined && isDerived(field) && field.derivation.kind !== 'clock';
}

/** Whether a query's field name means what clocks read, which has an order of its own as times have. */
export function isClock(name: string): boolean {
  return derivedFieldNamed(name)?.derivation.kind === 'clock';
}

export type ClauseKind = 'in' | 'contains' | 'matches' | 'cidr' | 'between' | 'ranges';

/** The kinds of condition that a field of a type can carry. */
export function clauseKindsFor(type: Field['type']): readonly ClauseKind[] {
  switch (type) {
    case 'text':
      return ['in', 'contains', 'matches'];
    case 'address':
      return ['in', 'cidr', 'contains', 'matches'];
    case 'integer':
      return ['in', 'between', 'contains', 'matches'];
    case 'counter':
      return ['in', 'between'];
    case 'time':
      return ['in', 'between', 'ranges'];
  }
}
