import { addressFacts, type FactSource } from '../model/catalog/address-facts.ts';
import { isDerived } from '../model/catalog/derived-field.ts';
import { derivedFields } from '../model/catalog/derived-fields.ts';
import type { Field } from '../model/catalog/field.ts';
import { fields } from '../model/catalog/fields.ts';
import type { SchemaDimension } from '../model/store-schema.ts';

/**
 * The catalog's part of the schema.
 *
 * @param stored the names of the fields in the store
 * @param hasFacts whether a source of enrichment has data
 */
export function schemaDimensions(
  stored: ReadonlySet<string>,
  hasFacts: (source: FactSource) => boolean,
): readonly SchemaDimension[] {
  const time: SchemaDimension = {
    name: 'time',
    aws: 'start',
    label: 'Time',
    group: 'Traffic',
    type: 'time',
    unit: null,
    description: 'When the flow began',
    logged: stored.has('start'),
  };
  const hasValues = (field: Field): boolean => {
    if (!isDerived(field)) return stored.has(field.name);
    const { derivation, from } = field;
    if (derivation.kind !== 'address') return from.every((name) => name === 'tcp_flags' || stored.has(name));
    const fact = addressFacts.find(({ name }) => name === derivation.fact);
    return stored.has(derivation.end) && fact !== undefined && hasFacts(fact.from);
  };
  const rest = [...fields, ...derivedFields].map((field) => {
    const { name, aws, label, group, type, unit, description } = field;
    return { name, aws, label, group, type, unit, description, logged: hasValues(field) };
  });
  return [time, ...rest];
}
