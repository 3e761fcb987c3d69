import { fields } from '../model/catalog/fields.ts';
import type { Measure } from '../model/catalog/measures.ts';
import type { Gap } from '../engine/duckdb/status.ts';

/** What can be asked, and what there is to ask about: for the page and for scripts. */
export interface StoreSchema {
  readonly version: string;
  readonly dimensions: readonly SchemaDimension[];
  readonly measures: readonly Measure[];
  readonly store: {
    readonly flows: number;
    readonly from: string | null;
    readonly to: string | null;
    readonly bytes: number;
    readonly gaps: readonly Gap[];
    readonly revision: number;
  };
  readonly timezone: string;
}

export interface SchemaDimension {
  readonly name: string;
  readonly aws: string;
  readonly label: string;
  readonly group: string;
  readonly type: string;
  readonly unit: string | null;
  readonly description: string;
  /** Whether any input has logged the field. */
  readonly logged: boolean;
}

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
