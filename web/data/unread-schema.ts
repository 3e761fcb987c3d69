import { derivedFields } from '../../src/model/catalog/derived-fields.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { measures } from '../../src/model/catalog/measures.ts';
import { type Schema, schemaOf } from '../../src/view/schema.ts';

/**
 * For pages that show what they can before the database has answered: the names of the catalog's fields and measures. It
 * says nothing of the store, and allows no change.
 */
export const unreadSchema: Schema = schemaOf(
  {
    version: '',
    dimensions: [...fields, ...derivedFields].map((field) => ({ ...field, logged: false })),
    measures,
    store: {
      flows: 0,
      untimed_flows: 0,
      from: null,
      to: null,
      newest: null,
      bytes: 0,
      gaps: [],
      skipdata: [],
      revision: 0,
      read_only: true,
      engine: '',
      unsupported: {},
    },
    timezone: 'Etc/UTC',
  },
  [],
);
