import { isClock } from '../../model/query/query-field.ts';
import type { Answer, Cell } from '../../model/query/answer.ts';
import { toNumber } from '../format/numbers.ts';
import { type Branch, treeOf } from './tree.ts';

export interface Heat {
  readonly rows: readonly Branch[];
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
  const tree = treeOf(answer, starts !== null);
  const cells = new Map<Cell, Map<number, number>>();
  const put = (column: Cell, row: number, cell: Cell | undefined): void => {
    const amount = toNumber(cell);
    if (amount === null) return;
    let held = cells.get(column);
    if (held === undefined) cells.set(column, (held = new Map()));
    held.set(row, amount);
  };
  tree.roots.forEach((branch, row) => {
    for (const [start, values] of branch.series ?? []) put(start, row, values[measure]);
    for (const child of branch.children) put(child.path.at(-1) ?? null, row, child.values[measure]);
  });
  const inner = answer.columns.filter(({ kind }) => kind === 'split').at(-1)?.name ?? '';
  const all = starts ?? (isClock(inner) ? inOrder(cells) : largestFirst(cells));
  const columns = starts ?? all.slice(0, Math.max(1, room));
  const amounts = new Float64Array(tree.roots.length * columns.length).fill(Number.NaN);
  let most = 0;
  columns.forEach((column, x) => {
    const held = cells.get(column);
    const silent = zero(x);
    for (let row = 0; row < tree.roots.length; row++) {
      const cut = starts === null && tree.roots[row]?.other !== null;
      const found = held?.get(row);
      // The 0 of a column of which nothing is known comes from the other period of a comparison.
      const amount = found !== undefined && (found !== 0 || silent) ? found : silent && !cut ? 0 : Number.NaN;
      amounts[row * columns.length + x] = amount;
      if (amount > most) most = amount;
    }
  });
  const full = fullOf(amounts, most);
  const above = amounts.reduce((count, amount) => (amount > full ? count + 1 : count), 0);
  return { rows: tree.roots, columns, amounts, most, full, above, left: all.length - columns.length };
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
function inOrder(cells: ReadonlyMap<Cell, unknown>): readonly Cell[] {
  return [...cells.keys()].sort((a, b) => Number(a ?? Infinity) - Number(b ?? Infinity));
}

function largestFirst(cells: ReadonlyMap<Cell, ReadonlyMap<number, number>>): readonly Cell[] {
  const sum = (held: ReadonlyMap<number, number>): number => [...held.values()].reduce((a, b) => a + b, 0);
  return [...cells]
    .map(([column, held]) => ({ column, total: sum(held) }))
    .sort((a, b) => b.total - a.total)
    .map(({ column }) => column);
}
