import { fields } from '../model/catalog/fields.ts';
import type { SchemaDimension } from '../model/store-schema.ts';

/** The catalog's part of the schema. `logged` holds the names of the fields that the store has. */
export function schemaDimensions(logged: ReadonlySet<string>): readonly SchemaDimension[] {
  const time: SchemaDimension = {
    name: 'time',
    aws: 'start',
    label: 'Time',
    group: 'Traffic',
    type: 'time',
    unit: null,
    description: 'When the flow began',
    logged: logged.has('start'),
  };
  const rest = fields.map(({ name, aws, label, group, type, unit, description }) => ({
    name,
    aws,
    label,
    group,
    type,
    unit,
    description,
    logged: logged.has(name),
  }));
  return [time, ...rest];
}
