import { type DerivedField, isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import { queryField } from '../../model/query/query-field.ts';
import type { CompileContext, EnrichmentState } from '../compile-context.ts';
import { lookup, withDerivedColumns } from '../derived/with-derived.ts';
import { type ClockZone, clockZone } from '../derived/clock.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { startMoments } from './moments.ts';

/** The derived fields that a statement asks for. */
export interface DerivedColumns {
  /** All that are there. */
  readonly fields: readonly DerivedField[];
  /** Those that tables of flows get a column for: a filter alone can often do without. */
  readonly columns: readonly DerivedField[];
  readonly enrichment: EnrichmentState;
  /** The clocks that fields such as the weekday read. */
  readonly zone: ClockZone;
}

/**
 * What of the fields named is derived and can be: what it is made of is logged, and somebody knows.
 * @param shown fields whose values are needed in rows
 * @param filtered fields that only conditions are on
 * @param timezone of the clocks that are read
 */
export function derivedColumns(
  shown: readonly string[],
  filtered: readonly string[],
  context: Pick<CompileContext, 'columns' | 'enrichment' | 'extent'>,
  dialect: Dialect,
  timezone = 'Etc/UTC',
): DerivedColumns {
  const enrichment = context.enrichment ?? { changesOverTime: false };
  const isKnown = ({ derivation }: DerivedField): boolean =>
    derivation.kind === 'clock' || context.enrichment !== undefined;
  const fields = [...new Set([...shown, ...filtered])].flatMap((name) => {
    const field = queryField(name);
    return field !== undefined && isDerived(field) && isKnown(field) && canBe(field, context.columns)
      ? [field]
      : [];
  });
  const reads = fields.some(({ derivation }) => derivation.kind === 'clock');
  const zone = reads ? clockZone(timezone, startMoments({ ...context, range: null }, false)) : [];
  const columns = fields.filter((field) => {
    const looked = lookup(field, enrichment.changesOverTime, dialect);
    return shown.includes(field.name) || looked === null || looked.unsure !== null;
  });
  return { fields, columns, enrichment, zone };
}

/** Whether a derived field can be made of the columns that there are. */
function canBe({ derivation, from }: DerivedField, columns: ReadonlySet<string>): boolean {
  switch (derivation.kind) {
    case 'address':
      // Without interface and time an address is still known.
      return columns.has(derivation.end);
    case 'start':
      return columns.has('protocol');
    case 'port':
    case 'side':
    case 'direction':
    case 'clock':
      return from.every((name) => columns.has(name));
  }
}

/** Whether a field has a column in the tables of flows as `withDerived` gives them; without one it is null everywhere. */
export function isThere(
  field: Field,
  { columns, derived }: { readonly columns: ReadonlySet<string>; readonly derived: DerivedColumns },
): boolean {
  return columns.has(field.name) || derived.fields.some(({ name }) => name === field.name);
}

/** A table of flows with the columns of derived fields. */
export function withDerived(
  table: string,
  {
    dialect,
    columns,
    derived,
  }: { readonly dialect: Dialect; readonly columns: ReadonlySet<string>; readonly derived: DerivedColumns },
): string {
  return withDerivedColumns(
    table,
    derived.columns,
    columns,
    { changesOverTime: derived.enrichment.changesOverTime, zone: derived.zone },
    dialect,
  );
}
