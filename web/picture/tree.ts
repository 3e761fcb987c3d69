import type { Answer, Cell, OtherRow } from '../../src/model/query/answer.ts';

/** A row of the split tree with all that hangs on it. */
export interface Branch {
  /** Tells it from every other row. */
  readonly key: string;
  /** The values of the splits, outermost first. */
  readonly path: readonly Cell[];
  /** One for each measure. */
  readonly values: readonly Cell[];
  readonly children: readonly Branch[];
  /** What a limit cut from the children. */
  readonly other: OtherRow | null;
  /** Where the innermost split is time and folded: the measures by bucket start (milliseconds since 1970 UTC). */
  readonly series: ReadonlyMap<number, readonly Cell[]> | null;
}

export interface Tree {
  /** The whole. */
  readonly total: readonly Cell[] | null;
  readonly roots: readonly Branch[];
  readonly other: OtherRow | null;
}

interface Growing {
  key: string;
  path: readonly Cell[];
  values: readonly Cell[];
  children: Growing[];
  other: OtherRow | null;
  series: Map<number, readonly Cell[]> | null;
}

/** Makes the split tree of an answer. `foldTime`: the innermost split is time and becomes the rows' series. */
export function treeOf(answer: Answer, foldTime: boolean): Tree {
  const depth = answer.columns.filter((column) => column.kind === 'split').length;
  const levels = foldTime ? depth - 1 : depth;
  const subtotals = new Map((answer.subtotals ?? []).map((row) => [keyOf(row.path), row.values]));
  const others = new Map((answer.other ?? []).map((row) => [keyOf(row.path), row]));
  const nodes = new Map<string, Growing>();
  const roots: Growing[] = [];

  for (const row of answer.rows) {
    let siblings = roots;
    let node: Growing | undefined;
    for (let level = 1; level <= levels; level++) {
      const path = row.slice(0, level);
      const key = keyOf(path);
      node = nodes.get(key);
      if (node === undefined) {
        const values = level === depth ? row.slice(depth) : (subtotals.get(key) ?? []);
        node = { key, path, values, children: [], other: others.get(key) ?? null, series: null };
        nodes.set(key, node);
        siblings.push(node);
      }
      siblings = node.children;
    }
    if (foldTime && node !== undefined) {
      node.series ??= new Map();
      node.series.set(Date.parse(String(row[levels])), row.slice(depth));
    }
  }
  const total = subtotals.get(keyOf([])) ?? (depth === 0 ? (answer.rows[0] ?? null) : null);
  return { total, roots, other: others.get(keyOf([])) ?? null };
}

export function keyOf(path: readonly Cell[]): string {
  return JSON.stringify(path);
}

/** A line of the table: a row, or what a limit cut from the rows beside it. */
export type Line =
  | { readonly kind: 'branch'; readonly branch: Branch; readonly depth: number; readonly open: boolean }
  | { readonly kind: 'other'; readonly other: OtherRow; readonly depth: number };

/** The lines that are on show, top to bottom. */
export function linesOf(tree: Tree, collapsed: ReadonlySet<string>): readonly Line[] {
  const lines: Line[] = [];
  const walk = (branches: readonly Branch[], other: OtherRow | null, depth: number): void => {
    for (const branch of branches) {
      const open = !collapsed.has(branch.key);
      lines.push({ kind: 'branch', branch, depth, open });
      if (open) walk(branch.children, branch.other, depth + 1);
    }
    if (other !== null) lines.push({ kind: 'other', other, depth });
  };
  walk(tree.roots, tree.other, 0);
  return lines;
}
