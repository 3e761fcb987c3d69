import type { Clause, Query } from '../../model/query/query.ts';
import type { Shift } from '../../model/time/shift.ts';
import type { BaseColumn } from './component.ts';
import { fieldOf } from './condition.ts';
import type { Mask, Rollup } from './rollup.ts';
import type { SplitKey } from './split-key.ts';

/** What a query is asked of. */
export interface SourceRequest {
  readonly query: Query;
  readonly keys: readonly SplitKey[];
  readonly columns: readonly BaseColumn[];
  readonly shift: Shift | null;
}

/**
 * The first (the smallest) of the rollups that can answer a query exactly, or null if only the flows can.
 * Hours at the edges of a range are read from the flows themselves, so ranges need no whole hours.
 */
export function chooseRollup(request: SourceRequest, rollups: readonly Rollup[]): Rollup | null {
  return rollups.find((rollup) => answers(rollup, request)) ?? null;
}

function answers(rollup: Rollup, { query, keys, columns, shift }: SourceRequest): boolean {
  return (
    columns.every((column) => hasColumn(rollup, column)) &&
    query.filter.every((clause) => canFilter(rollup, clause, query.filter)) &&
    keys.every((key) => canSplit(rollup, key, query.filter)) &&
    (shift === null || inWholeHours(shift))
  );
}

/** Whether a rollup has what a column of the base is made of. */
function hasColumn(rollup: Rollup, column: BaseColumn): boolean {
  const keeps = (name: string): boolean => rollup.keeps(fieldOf(name));
  switch (column) {
    case 'bytes':
    case 'packets':
    case 'active_hour':
      return true;
    case 'rejected':
      return keeps('action');
    case 'source':
      return keeps('srcaddr');
    case 'destination':
      return keeps('dstaddr');
    case 'begins':
      return false;
  }
}

function canFilter(rollup: Rollup, clause: Clause, filter: readonly Clause[]): boolean {
  const field = fieldOf(clause.field);
  if (!rollup.keeps(field)) return false;
  const mask = rollup.masks.get(field.name);
  return mask === undefined || isBelow(clause, mask.from) || isUnmasked(mask, filter);
}

function canSplit(rollup: Rollup, key: SplitKey, filter: readonly Clause[]): boolean {
  if (key.time !== null) return key.time.hourly;
  if (!rollup.keeps(key.field)) return false;
  const mask = rollup.masks.get(key.field.name);
  // A positive clause on the small values leaves no row that is masked.
  return (
    mask === undefined ||
    isUnmasked(mask, filter) ||
    filter.some(
      (clause) => fieldOf(clause.field).name === key.field.name && !clause.not && isBelow(clause, mask.from),
    )
  );
}

/** Whether a filter leaves only rows in which nothing is masked. */
function isUnmasked({ unless }: Mask, filter: readonly Clause[]): boolean {
  return filter.some(
    (clause) =>
      clause.kind === 'in' &&
      !clause.not &&
      clause.field === unless.field &&
      clause.values.every((value) => value === unless.value),
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
      return false;
  }
}

/** Whether moments move by whole hours, and change by how many only at whole hours. */
function inWholeHours({ pieces, earliest }: Shift): boolean {
  return (
    pieces.every(({ from, delta }, index) => delta % 3600 === 0 && (index === 0 || from % 3600 === 0)) &&
    (earliest === null || earliest % 3600 === 0)
  );
}
