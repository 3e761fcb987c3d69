import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Field } from '../../model/catalog/field.ts';
import type { Clause, Query } from '../../model/query/query.ts';
import type { ResolvedRange } from '../../model/time/range.ts';
import type { Shift } from '../../model/time/shift.ts';
import { type ClockZone, readsWholeHours } from '../derived/clock.ts';
import { canCondense, countedField, inputsOf } from './combining.ts';
import type { FieldColumn, InputColumn, Component } from './component.ts';
import { type Scope, fieldOf } from './condition.ts';
import { rollupHasField, storedInputsOf } from './rollup-fields.ts';
import type { NulledValues, Rollup } from './rollup.ts';
import type { SplitKey } from './split-key.ts';
import { SHORT } from './table-scan.ts';

/** What a query is asked of. */
export interface SourceRequest {
  readonly query: Query;
  readonly keys: readonly SplitKey[];
  readonly components: readonly Component[];
  readonly shift: Shift | null;
  /** The clocks that are read, where any are. */
  readonly zone: ClockZone;
}

/**
 * The first (the smallest) of the rollups that can answer a query exactly, or null if only the flows can.
 * What remains at the edges of a range is read from the flows themselves, so ranges need no whole hours or days.
 */
export function chooseRollup(request: SourceRequest, rollups: readonly Rollup[]): Rollup | null {
  return rollups.find((rollup) => answers(rollup, request)) ?? null;
}

/** The rollup that answers, and where its rows are by the day one by the hour that answers too, for the edges of a range. */
export function chooseTables(
  request: SourceRequest,
  rollups: readonly Rollup[],
): { readonly rollup: Rollup | null; readonly finer: Rollup | null } {
  const rollup = chooseRollup(request, rollups);
  const finer =
    rollup === null || rollup.hours === 1
      ? null
      : chooseRollup(
          request,
          rollups.filter(({ hours, timed }) => hours === 1 && timed !== true),
        );
  return { rollup, finer };
}

/**
 * The rollups that are worth reading for a range, and for an earlier one that it is compared with: one may be so short that its
 * flows are fewer than the rows of a rollup's day, if each of them is there.
 */
export function worthReading(
  range: ResolvedRange | null,
  earlier: ResolvedRange | null,
  rollups: readonly Rollup[],
  { flowsFrom }: Pick<Scope, 'flowsFrom'>,
): readonly Rollup[] {
  if (range === null || range.to - range.from > SHORT) return rollups;
  const first = Math.min(range.from, earlier?.from ?? Infinity);
  return first < flowsFrom * 1000 ? rollups : rollups.filter(({ timed }) => timed === true);
}

function answers(rollup: Rollup, { query, keys, components, shift, zone }: SourceRequest): boolean {
  return (
    (rollup.timed === true || readsWholeHours(zone)) &&
    canCondense(components) &&
    inputsOf(components).every((column) => hasColumn(rollup, column, query.filter)) &&
    query.filter.every((clause) => canFilter(rollup, clause, query.filter)) &&
    keys.every((key) => canSplit(rollup, key, query.filter)) &&
    (shift === null || rollup.timed === true || inWhole(rollup.hours * 3600, shift))
  );
}

/** Whether all ranges of a clause begin and end where the rows of a rollup do. */
function inWholeHours({ hours }: Rollup, { ranges }: Extract<Clause, { kind: 'ranges' }>): boolean {
  return ranges.every(({ from, to }) => [from, to].every((end) => end % (hours * 3_600_000) === 0));
}

/** Whether a field is what clocks read. */
export function readsClocks(field: Field): boolean {
  return isDerived(field) && field.derivation.kind === 'clock';
}

/** Whether a rollup has what a column of the base is made of. */
function hasColumn(rollup: Rollup, column: InputColumn, filter: readonly Clause[]): boolean {
  const counted = countedField(column);
  if (counted !== null) return keepsEachValue(rollup, fieldOf(counted), filter);
  const keeps = (name: string): boolean => rollupHasField(rollup, fieldOf(name));
  switch (column as Exclude<InputColumn, FieldColumn>) {
    case 'bytes':
    case 'packets':
      return true;
    case 'active_hour':
      return rollup.hours === 1;
    case 'rejected':
      return keeps('action');
    case 'source':
      return keeps('srcaddr');
    case 'destination':
      return keeps('dstaddr');
    case 'duration':
    case 'starts_connection':
      return false;
  }
}

function canFilter(rollup: Rollup, clause: Clause, filter: readonly Clause[]): boolean {
  const field = fieldOf(clause.field);
  if (clause.kind === 'ranges')
    return field.name === 'start' && (rollup.timed === true || inWholeHours(rollup, clause));
  if (!rollupHasField(rollup, field)) return false;
  return nulledIn(rollup, field).every(
    (nulls) => (!isDerived(field) && isBelow(clause, nulls.from)) || isNeverNulled(nulls, filter),
  );
}

function canSplit(rollup: Rollup, key: SplitKey, filter: readonly Clause[]): boolean {
  if (key.time !== null)
    return (
      rollup.timed === true || (rollup.hours === 1 ? key.time.hourly : rollup.hours === 24 && key.time.daily)
    );
  return keepsEachValue(rollup, key.field, filter);
}

/** Whether a rollup tells each value of a field from the others, under a filter. */
function keepsEachValue(rollup: Rollup, field: Field, filter: readonly Clause[]): boolean {
  if (!rollupHasField(rollup, field)) return false;
  return storedInputsOf(field).every((name) => {
    const nulls = rollup.nulled.get(name);
    // A positive clause on the small values leaves no row that is masked.
    return (
      nulls === undefined ||
      isNeverNulled(nulls, filter) ||
      filter.some(
        (clause) => fieldOf(clause.field).name === name && !clause.not && isBelow(clause, nulls.from),
      )
    );
  });
}

function nulledIn(rollup: Rollup, field: Field): readonly NulledValues[] {
  return storedInputsOf(field).flatMap((name) => rollup.nulled.get(name) ?? []);
}

/** Whether a filter leaves only rows in which nothing is masked. */
function isNeverNulled({ exceptWhen }: NulledValues, filter: readonly Clause[]): boolean {
  return filter.some(
    (clause) =>
      clause.kind === 'in' &&
      !clause.not &&
      clause.field === exceptWhen.field &&
      clause.values.every((value) => value === exceptWhen.value),
  );
}

/**
 * Whether a clause says of null what it says of every value from `from` on: then masked values do no harm.
 * A negated clause matches null unless it names it, and so it does those values, which it can't name.
 */
function isBelow(clause: Clause, from: number): boolean {
  switch (clause.kind) {
    case 'in':
      return clause.values.every((value) => value !== null && Number(value) < from);
    case 'between':
      return clause.high !== null && clause.high < from;
    case 'contains':
    case 'matches':
    case 'cidr':
    case 'ranges':
      return false;
  }
}

/** Whether moments move by whole pieces of so many seconds, and change by how many only between such pieces. */
function inWhole(seconds: number, { pieces, earliest }: Shift): boolean {
  return (
    pieces.every(
      ({ from, delta }, index) => delta % seconds === 0 && (index === 0 || from % seconds === 0),
    ) &&
    (earliest === null || earliest % seconds === 0)
  );
}
