import type { Field } from '../../model/catalog/field.ts';
import { fields } from '../../model/catalog/fields.ts';
import { EXTRA } from '../../model/record/record-batch.ts';
import { readableAddress, quote } from '../../sql/dialects/clickhouse/clickhouse-layout.ts';

/** A stored column as people see it: texts and addresses as text, times as UTC timestamps. */
export function peopleColumn(field: Pick<Field, 'name' | 'type'>): string {
  const name = quote(field.name);
  switch (field.type) {
    case 'address':
      return `${readableAddress(name)} AS ${name}`;
    case 'time':
      return `toDateTime(${name}, 'UTC') AS ${name}`;
    case 'text':
      return `CAST(${name} AS Nullable(String)) AS ${name}`;
    case 'counter':
      // Sums and products of 64 bits would overflow in silence.
      return `CAST(${name} AS Nullable(Int128)) AS ${name}`;
    case 'integer':
      return name;
  }
}

/** The columns of the views `flows` and `coverage` that records have themselves. */
export function peopleColumns(): readonly string[] {
  return [...fields.map(peopleColumn), `CAST(${EXTRA} AS Nullable(String)) AS ${EXTRA}`];
}
