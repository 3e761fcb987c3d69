import { isClock } from '../../model/query/query-field.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import { toNumber } from '../format/numbers.ts';
import { keyOf } from './tree.ts';

export interface HeatRow {
  /** Tells it from every other row. */
  readonly key: string;
  /** The value of the outer split. */
  readonly path: readonly Cell[];
}

export interface Heat {
  readonly rows: readonly HeatRow[];
  /** The columns' values; times as milliseconds since 1970 UTC. */
  readonly columns: readonly Cell[];
  /** Row by row. NaN: nothing is known of it. */
  readonly amounts: Float64Array;
  readonly most: number;
  /** What full ink stands for: the most, or less where few cells outshine all others by far; these have full ink too. */
  readonly full: number;
  /** How many cells have more than that. */
  readonly above: number;
  /** How many columns did not find room. */
  readonly left: number;
}

/**
 * A map of two splits. `starts`: the columns are these buckets of time; null: they are the values of the inner
 * split, the largest first (hours of the day in order), at most `room`. `zero`: whether a column without a row is nothing, not unknown.
 */
export function heatOf(
  answer: Answer,
  measure: number,
  starts: readonly number[] | null,
  room: number,
  zero: (column: number) => boolean,
): Heat {
  const cells = cellsOf(answer, measure);
  const values = starts === null ? cells.values : cells.values.map((text) => Date.parse(String(text)));
  const inner = answer.columns.filter(({ kind }) => kind === 'split').at(-1)?.name ?? '';
  const all = starts ?? (isClock(inner) ? inOrder(values) : largestFirst(cells));
  const columns = starts ?? all.slice(0, Math.max(1, room));
  const rows = cells.rows;
  const cut = new Set(starts === null ? (answer.other ?? []).map(({ path }) => keyOf(path)) : []);
  const silent = columns.map((_, x) => zero(x));
  const amounts = new Float64Array(rows.length * columns.length).fill(Number.NaN);
  rows.forEach(({ key }, y) => {
    if (!cut.has(key))
      for (let x = 0; x < columns.length; x++) if (silent[x]) amounts[y * columns.length + x] = 0;
  });
  const places = new Map(columns.map((column, x) => [column, x]));
  const placeOf = values.map((value) => places.get(value) ?? -1);
  let most = 0;
  for (let at = 0; at < cells.amounts.length; at++) {
    const x = placeOf[cells.value[at] ?? 0] ?? -1;
    const amount = cells.amounts[at] ?? 0;
    // The 0 of a column of which nothing is known comes from the other period of a comparison.
    if (x < 0 || (amount === 0 && !silent[x])) continue;
    amounts[(cells.row[at] ?? 0) * columns.length + x] = amount;
    if (amount > most) most = amount;
  }
  const full = fullOf(amounts, most);
  const above = amounts.reduce((count, amount) => (amount > full ? count + 1 : count), 0);
  return { rows, columns, amounts, most, full, above, left: all.length - columns.length };
}

/** The cells of an answer that have an amount, one after the other. There are thousands: no objects are made for them. */
interface Cells {
  readonly rows: readonly HeatRow[];
  /** The different values of the inner split, as they come. */
  readonly values: readonly Cell[];
  /** Of each cell its row, the place of its value in `values`, and its amount. */
  readonly row: readonly number[];
  readonly value: readonly number[];
  readonly amounts: readonly number[];
}

function cellsOf(answer: Answer, measure: number): Cells {
  const depth = answer.columns.filter(({ kind }) => kind === 'split').length;
  const rows: HeatRow[] = [];
  const values = new Map<Cell, number>();
  const cells = { row: [] as number[], value: [] as number[], amounts: [] as number[] };
  for (const row of answer.rows) {
    const [outer = null] = row;
    if (rows.at(-1)?.path[0] !== outer) rows.push({ key: keyOf([outer]), path: [outer] });
    const amount = toNumber(row[depth + measure]);
    if (amount === null) continue;
    const inner = row[depth - 1] ?? null;
    let value = values.get(inner);
    if (value === undefined) values.set(inner, (value = values.size));
    cells.row.push(rows.length - 1);
    cells.value.push(value);
    cells.amounts.push(amount);
  }
  return { rows, values: [...values.keys()], ...cells };
}

/** Some of the rows of a map, in the scale of the whole. */
export function rowsOfHeat(heat: Heat, from: number, to: number): Heat {
  const count = heat.columns.length;
  return {
    ...heat,
    rows: heat.rows.slice(from, to),
    amounts: heat.amounts.subarray(from * count, to * count),
  };
}

/** The share of cells that may outshine the others; one at least. */
const FEW = 0.02;
/** Less than so many times as much is no outshining: it can still be read beside the others. */
const FAR = 4;

/** What full ink stands for, so that a few cells with far more don't make all others look empty. */
function fullOf(amounts: Float64Array, most: number): number {
  const some = amounts.filter((amount) => amount > 0).sort();
  const others = some.length - Math.max(1, Math.floor(some.length * FEW));
  const usual = some[others - 1];
  return usual !== undefined && most > FAR * usual ? usual : most;
}

/** Hours of the day and weekdays, as clocks have them; none comes last. */
function inOrder(values: readonly Cell[]): readonly Cell[] {
  return values.toSorted((a, b) => Number(a ?? Infinity) - Number(b ?? Infinity));
}

function largestFirst(cells: Cells): readonly Cell[] {
  const totals = new Float64Array(cells.values.length);
  cells.amounts.forEach((amount, at) => {
    const value = cells.value[at] ?? 0;
    totals[value] = (totals[value] ?? 0) + amount;
  });
  return cells.values
    .map((column, at) => ({ column, total: totals[at] ?? 0 }))
    .sort((a, b) => b.total - a.total)
    .map(({ column }) => column);
}
