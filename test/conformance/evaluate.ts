import ipaddr from 'ipaddr.js';
import { type MeasureName, isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Cell, HiddenGroups, OtherRow, SubtotalRow } from '../../src/model/query/answer.ts';
import { derivedFieldNamed } from '../../src/model/catalog/derived-fields.ts';
import { fields } from '../../src/model/catalog/fields.ts';
import { queryField } from '../../src/model/query/query-field.ts';
import type { Clause, Query, Split } from '../../src/model/query/query.ts';
import { matchesClause, valueOf } from './evaluate-clause.ts';
import { type Amount, beginners, isRate, measure } from './evaluate-measure.ts';
import {
  type PlacedRow,
  bucketOf,
  fieldOf,
  isOfTime,
  knownPieces,
  placed,
  resolve,
  withClocks,
} from './evaluate-selection.ts';
import { type FlowObject, isFlow } from './flow-object.ts';

interface Node {
  readonly cell: Cell;
  readonly order: readonly (number | bigint | Buffer)[] | null;
  readonly rows: readonly PlacedRow[];
  /** Every time bucket on the way here. */
  readonly times: readonly TimePlace[];
}

interface TimePlace {
  /** A reading of clocks; absent: a bucket of time, or (null) a second. */
  readonly clock?: 'hour_of_day' | 'weekday';
  /** Of a bucket of readings. */
  readonly width?: number;
  readonly bucket: string | null;
  readonly start: number | null;
}

export interface Expected {
  readonly rows: readonly (readonly Cell[])[];
  readonly truncated: boolean;
  readonly other: readonly OtherRow[] | null;
  readonly hidden: HiddenGroups | null;
  readonly subtotals: readonly SubtotalRow[] | null;
  readonly range: { readonly from: string; readonly to: string } | null;
}

/** The answer that a query must have over these records: plain loops, no database, no cleverness. */
export function evaluate(query: Query, given: readonly FlowObject[]): Expected {
  const records = given.map((record) => withClocks(record, query.timezone));
  const flows = records.filter(isFlow);
  const range = resolve(query, flows);
  const begin = asked(query).some((name) => name.includes('connections'))
    ? beginners(flows, firstBy([...query.splits, ...query.filter].map(({ field }) => fieldOf(field))))
    : new Set<FlowObject>();
  const isMoved = (clause: Clause): boolean => clause.kind === 'ranges' && fieldOf(clause.field) === 'start';
  const matching = flows.filter((record) =>
    query.filter.every((clause) => isMoved(clause) || matchesClause(record, clause)),
  );
  // Ranges of starts are of where an earlier period's flows move to.
  const rows = placed(query, matching, range, begin).filter((row) =>
    query.filter.every((clause) => !isMoved(clause) || matchesClause({ start: row.moment }, clause)),
  );
  const perHour = asked(query).some(isRate);
  const known = perHour ? knownPieces(query, records, range) : [];
  const knownHours = new Set(
    records.flatMap((record) =>
      record['start'] == null ? [] : [Math.floor(Number(record['start']) / 3600)],
    ),
  );
  const rowsOut: (readonly Cell[])[] = [];
  const other: OtherRow[] = [];
  const subtotals: SubtotalRow[] = [];
  let truncated = false;

  const placeOf = (
    time: TimePlace,
    piece: { readonly moment: number; readonly own: number },
  ): number | null =>
    time.clock === undefined
      ? bucketOf(piece.moment, time.bucket, query.timezone)
      : Math.floor(Number(withClocks({ start: piece.own }, query.timezone)[time.clock]) / (time.width ?? 1)) *
        (time.width ?? 1);
  const hoursOf = (times: readonly TimePlace[], earlier: boolean): number => {
    if (!perHour) return 0;
    // A split by the second: that second is all the time there is, if its hour has logs.
    const second = times.find((time) => time.bucket === null && time.clock === undefined)?.start;
    if (second !== undefined) {
      if (earlier) throw new Error('not evaluated: flows_per_hour by the second of an earlier period');
      const within = times.every(
        (time) => placeOf(time, { moment: second ?? 0, own: second ?? 0 }) === time.start,
      );
      if (query.filter.some(isOfTime))
        throw new Error('not evaluated: rates by the second under a filter of time');
      return within && second !== null && knownHours.has(Math.floor(second / 3600)) ? 1 / 3600 : 0;
    }
    return (
      known
        .filter((piece) => piece.earlier === earlier)
        .filter((piece) => times.every((time) => placeOf(time, piece) === time.start))
        .reduce((total, piece) => total + piece.seconds, 0) / 3600
    );
  };
  const amount = (
    name: MeasureName,
    node: readonly PlacedRow[],
    times: readonly TimePlace[],
    earlier: boolean,
  ): Amount =>
    measure(
      name,
      node.filter((row) => row.earlier === earlier),
      isRate(name) ? hoursOf(times, earlier) : 0,
    );
  const cells = (values: (name: MeasureName, earlier: boolean) => Amount): readonly Cell[] =>
    query.measures.flatMap((name) => {
      const now = values(name, false);
      if (query.compare === null) return [toCell(now)];
      const then = values(name, true);
      return [toCell(now), toCell(then), toCell(minus(now, then))];
    });
  const leafHolds = (node: readonly PlacedRow[], times: readonly TimePlace[]): boolean =>
    query.having.every(({ measure: name, low, high }) => {
      if (low === null && high === null) return true;
      const value = amount(name, node, times, false);
      return value !== null && (low === null || value >= low) && (high === null || value <= high);
    });
  const heldAt = query.havingDepth ?? query.splits.length;
  const survives = (node: Node, depth: number): boolean =>
    depth >= heldAt
      ? depth > heldAt || leafHolds(node.rows, node.times)
      : children(node, query.splits[depth]!, query).some((child) => survives(child, depth + 1));

  const visit = (node: Node, depth: number, path: readonly Cell[]): void => {
    const split = query.splits[depth];
    if (split === undefined) {
      rowsOut.push([...path, ...cells((name, earlier) => amount(name, node.rows, node.times, earlier))]);
      return;
    }
    if (query.subtotals) {
      subtotals.push({
        path,
        values: cells((name, earlier) => amount(name, node.rows, node.times, earlier)),
      });
    }
    const alive = children(node, split, query).filter((child) => survives(child, depth + 1));
    const ranked = alive
      .map((child) => ({
        child,
        ...sortAmounts(split, (name, earlier) => amount(name, child.rows, child.times, earlier)),
      }))
      .toSorted((a, b) => compareNodes(a, b, split))
      .map(({ child }) => child);
    const shown = split.limit === null ? ranked : ranked.slice(0, split.limit);
    const cut = ranked.slice(shown.length);
    if (cut.length > 0) {
      truncated = true;
      const all = cut.flatMap((child) => child.rows);
      const isTime = ['start', 'hour_of_day', 'weekday'].includes(fieldOf(split.field));
      const hours = (earlier: boolean): number =>
        isTime
          ? cut.reduce((total, child) => total + hoursOf(child.times, earlier), 0)
          : hoursOf(node.times, earlier);
      other.push({
        path,
        groups: cut.length,
        values: cells((name, earlier) =>
          measure(
            name,
            all.filter((row) => row.earlier === earlier),
            hours(earlier),
          ),
        ),
      });
    }
    for (const child of shown) visit(child, depth + 1, [...path, child.cell]);
  };
  const whole: Node = { cell: null, order: null, rows, times: [] };
  if (query.splits.length > 0) {
    visit(whole, 0, []);
  } else {
    if (query.subtotals)
      subtotals.push({ path: [], values: cells((name, earlier) => amount(name, rows, [], earlier)) });
    if (leafHolds(rows, [])) rowsOut.push(cells((name, earlier) => amount(name, rows, [], earlier)));
  }
  const gone: PlacedRow[] = [];
  let groups = 0;
  const hide = (node: Node, depth: number): void => {
    if (depth === heldAt) {
      if (leafHolds(node.rows, node.times)) return;
      groups++;
      gone.push(...node.rows);
    } else for (const child of children(node, query.splits[depth]!, query)) hide(child, depth + 1);
  };
  if (query.hidden && query.having.length > 0 && query.splits.length > 0) hide(whole, 0);
  const hidden =
    groups === 0
      ? null
      : {
          groups,
          flows: gone.filter((row) => !row.earlier).length,
          values: cells((name, earlier) => amount(name, gone, [], earlier)),
        };
  const byDepth = <T extends { readonly path: readonly Cell[] }>(items: readonly T[]): readonly T[] =>
    items.toSorted((a, b) => a.path.length - b.path.length);
  return {
    rows: rowsOut,
    truncated,
    other: query.other ? byDepth(other) : null,
    hidden,
    subtotals: query.subtotals ? byDepth(subtotals) : null,
    range: range === null ? null : { from: iso(range.from / 1000), to: iso(range.to / 1000) },
  };
}

function asked(query: Query): readonly MeasureName[] {
  const sorts = query.splits.flatMap(measureOf);
  return [...query.measures, ...query.having.map((having) => having.measure), ...sorts];
}

/** The measure that a split is sorted by: its own field's name means the field, even if a measure has that name. */
function measureOf(split: Split): readonly MeasureName[] {
  const { by } = split.sort;
  const measure = by.replace(/_(delta|change)$/, '');
  if (by === split.field) return [];
  return isMeasureName(by) ? [by] : isMeasureName(measure) ? [measure] : [];
}

/** What a node is sorted by, first and then: a change in per cent, and by how much. */
function sortAmounts(
  split: Split,
  value: (name: MeasureName, earlier: boolean) => Amount,
): { readonly by: Amount; readonly then: Amount } {
  const [name] = measureOf(split);
  const isChange = name !== undefined && split.sort.by !== name && split.sort.by.endsWith('_change');
  return {
    by: sortAmount(split, value),
    then: isChange ? minus(value(name, false), value(name, true)) : null,
  };
}

/** A measure, or its change; what there was none of before has changed most. */
function sortAmount(split: Split, value: (name: MeasureName, earlier: boolean) => Amount): Amount {
  const [name] = measureOf(split);
  if (name === undefined) return null;
  const now = value(name, false);
  if (name === split.sort.by) return now;
  const then = value(name, true);
  if (split.sort.by.endsWith('_delta')) return minus(now, then);
  if (now === null || then === null) return null;
  if (Number(then) === 0) return Number(now) > 0 ? Infinity : null;
  return (Number(now) - Number(then)) / Number(then);
}

function children(node: Node, split: Split, query: Query): readonly Node[] {
  const groups = new Map<
    string,
    { cell: Cell; order: Node['order']; rows: PlacedRow[]; times: readonly TimePlace[] }
  >();
  for (const row of node.rows) {
    const { cell, order, time } = place(row, split, query);
    const key = `${typeof cell} ${cell}`;
    const group = groups.get(key) ?? {
      cell,
      order,
      rows: [],
      times: time === null ? node.times : [...node.times, time],
    };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function place(
  row: PlacedRow,
  split: Split,
  query: Query,
): { readonly cell: Cell; readonly order: Node['order']; readonly time: TimePlace | null } {
  const type = queryField(split.field)?.type;
  if (type === 'time') {
    const isEnd = split.field === 'end';
    const bucket = split.bucket?.kind === 'time' ? split.bucket.duration : null;
    const start = bucketOf(isEnd ? row.ended : row.moment, bucket, query.timezone);
    return {
      cell: start === null ? null : iso(start),
      order: start === null ? null : [start],
      time: isEnd ? null : { bucket, start },
    };
  }
  const value = valueOf(row.record, split.field);
  const isClock = split.field === 'hour_of_day' || split.field === 'weekday';
  if (value === null) {
    const never = { clock: split.field as 'weekday', bucket: null, start: null };
    return { cell: null, order: null, time: isClock ? never : null };
  }
  if (split.bucket?.kind === 'number') {
    const { width } = split.bucket;
    const start = Number.isInteger(width)
      ? (BigInt(value) / BigInt(width)) * BigInt(width)
      : Math.floor(Number(value) / width) * width;
    const time = isClock
      ? { clock: split.field as 'weekday', width, bucket: null, start: Number(start) }
      : null;
    return { cell: toCell(start), order: [start], time };
  }
  if (type === 'address') {
    const bytes = ipaddr.parse(String(value)).toByteArray();
    return { cell: value as string, order: [bytes.length, Buffer.from(bytes)], time: null };
  }
  if (type === 'text') return { cell: value as string, order: [Buffer.from(String(value))], time: null };
  const time = isClock
    ? { clock: split.field as 'weekday', width: 1, bucket: null, start: Number(value) }
    : null;
  return { cell: toCell(BigInt(value)), order: [BigInt(value)], time };
}

function compareNodes(
  a: { child: Node; by: Amount; then: Amount },
  b: { child: Node; by: Amount; then: Amount },
  split: Split,
): number {
  const sign = split.sort.order === 'asc' ? 1 : -1;
  if (measureOf(split).length === 0) return compareValues(a.child, b.child, sign);
  return (
    compareAmounts(a.by, b.by, sign) ||
    compareAmounts(a.then, b.then, sign) ||
    compareValues(a.child, b.child, 1)
  );
}

/** Null comes last, whichever way. */
function compareAmounts(a: Amount, b: Amount, sign: number): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return a < b ? -sign : a > b ? sign : 0;
}

function compareValues(a: Pick<Node, 'order'>, b: Pick<Node, 'order'>, sign: number): number {
  if (a.order === null || b.order === null) return (a.order === null ? 1 : 0) - (b.order === null ? 1 : 0);
  for (const [i, left] of a.order.entries()) {
    const right = b.order[i]!;
    const step =
      left instanceof Buffer && right instanceof Buffer
        ? Buffer.compare(left, right)
        : left < right
          ? -1
          : left > right
            ? 1
            : 0;
    if (step !== 0) return step * sign;
  }
  return 0;
}

function minus(now: Amount, then: Amount): Amount {
  if (now === null || then === null) return null;
  return typeof now === 'bigint' && typeof then === 'bigint' ? now - then : Number(now) - Number(then);
}

function toCell(value: Amount): Cell {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
}

/** Which of two records comes first by some fields, in the catalog's order; null comes last. */
function firstBy(names: readonly string[]): (one: FlowObject, other: FlowObject) => boolean {
  const behind = names.flatMap((name) => derivedFieldNamed(name)?.from ?? [name]);
  const inOrder = fields.map(({ name }) => name).filter((name) => behind.includes(name) && name !== 'start');
  return (one, other) => {
    for (const name of inOrder) {
      const order = compareValues(orderOf(valueOf(one, name), name), orderOf(valueOf(other, name), name), 1);
      if (order !== 0) return order < 0;
    }
    return false;
  };
}

function orderOf(value: ReturnType<typeof valueOf>, name: string): Pick<Node, 'order'> {
  if (value === null) return { order: null };
  const type = queryField(name)?.type;
  if (type === 'text') return { order: [Buffer.from(String(value))] };
  if (type !== 'address') return { order: [BigInt(value)] };
  const bytes = ipaddr.parse(String(value)).toByteArray();
  return { order: [bytes.length, Buffer.from(bytes)] };
}
