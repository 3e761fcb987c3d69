import type { Answer, Cell, HiddenGroups, OtherRow, SubtotalRow } from '../model/query/answer.ts';
import type { CompiledQuery } from './compile.ts';
import { numberCell } from './number-cell.ts';
import { rowKinds } from './plan/row-kinds.ts';

/** Makes the answer to a compiled query of the rows that the engine returns for it, in their order, as they come. */
export class AnswerReader {
  readonly #compiled: CompiledQuery;
  readonly #leaves: (readonly Cell[])[] = [];
  readonly #other: OtherRow[] = [];
  readonly #subtotals: SubtotalRow[] = [];
  #hidden: HiddenGroups | null = null;
  #truncated = false;
  #scanned = 0;
  #lacksText = false;

  constructor(compiled: CompiledQuery) {
    this.#compiled = compiled;
  }

  /** @param rows cells as the engine has them: numbers, bigints, texts, null */
  add(rows: readonly (readonly unknown[])[]): void {
    for (const row of rows) this.#addRow(row);
  }

  /** Whether an address that is shown has no text, since the statement looked none up (`CompileContext.ipv6`). */
  get lacksText(): boolean {
    return this.#lacksText;
  }

  /** @param ms how long it took */
  answer(ms: number): Answer {
    const { query, columns, range, source } = this.#compiled;
    return {
      columns,
      rows: this.#leaves,
      truncated: this.#truncated,
      other: query.other ? this.#other : null,
      hidden: this.#hidden,
      subtotals: query.subtotals ? this.#subtotals : null,
      range,
      stats: { ms, rows_scanned: this.#scanned, source },
    };
  }

  #addRow(row: readonly unknown[]): void {
    const compiled = this.#compiled;
    switch (Number(row[0])) {
      case rowKinds.totals:
        this.#truncated = Number(row[1]) === 1;
        this.#scanned = Number(row[3] ?? 0);
        break;
      case rowKinds.leaf:
        // In a flat statement, which has no row of totals, each leaf tells what they would.
        if (row[3] !== null) {
          this.#truncated = Number(row[1]) === 1;
          this.#scanned = Number(row[3]);
        }
        this.#leaves.push(this.#leaf(row));
        break;
      case rowKinds.other:
        this.#other.push({
          path: path(compiled, row, Number(row[1])),
          groups: Number(row[3]),
          values: values(compiled, row),
        });
        break;
      case rowKinds.subtotal:
        this.#subtotals.push({ path: path(compiled, row, Number(row[1])), values: values(compiled, row) });
        break;
      case rowKinds.hidden:
        // Its place among its kind is no matter: there stands how many flows it is about.
        if (Number(row[3]) > 0)
          this.#hidden = { groups: Number(row[3]), flows: Number(row[2]), values: values(compiled, row) };
        break;
    }
  }

  #leaf(row: readonly unknown[]): readonly Cell[] {
    const compiled = this.#compiled;
    const cells = path(compiled, row, compiled.query.splits.length);
    for (let i = 0; i < cells.length; i++)
      if (cells[i] === null && row[4 + 2 * i] !== null && compiled.keys[i]?.field.type === 'address')
        this.#lacksText = true;
    addValues(cells, compiled, row);
    return cells;
  }
}

function path(compiled: CompiledQuery, row: readonly unknown[], depth: number): Cell[] {
  const cells: Cell[] = [];
  addPath(cells, compiled, row, depth);
  return cells;
}

/** Adds cells to a list, instead of making lists that are joined: half of the time of a large answer was their collection. */
function addPath(cells: Cell[], { keys }: CompiledQuery, row: readonly unknown[], depth: number): void {
  let at = 4;
  for (const key of keys) {
    if (cells.length === depth) return;
    cells.push(key.cell(row[at], row[at + 1]));
    at += 2;
  }
}

function values(compiled: CompiledQuery, row: readonly unknown[]): Cell[] {
  const cells: Cell[] = [];
  addValues(cells, compiled, row);
  return cells;
}

function addValues(cells: Cell[], { query, keys }: CompiledQuery, row: readonly unknown[]): void {
  const count = query.measures.length;
  const first = 4 + 2 * keys.length;
  for (let i = first; i < first + count; i++) {
    const now = row[i];
    cells.push(numberCell(now));
    if (query.compare === null) continue;
    const then = row[i + count];
    cells.push(numberCell(then), difference(now, then));
  }
}

/** Exact for whole numbers; null where either is. */
function difference(now: unknown, then: unknown): Cell {
  if (typeof now === 'bigint' && typeof then === 'bigint') return numberCell(now - then);
  const [a, b] = [now, then].map((value) => (typeof value === 'bigint' ? Number(value) : value));
  return typeof a === 'number' && typeof b === 'number' ? a - b : null;
}
