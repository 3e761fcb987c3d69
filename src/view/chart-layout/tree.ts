import type { Answer, Cell, HiddenGroups, OtherRow } from '../../model/query/answer.ts';
import type { Span } from '../time/buckets.ts';

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
  /** The whole as a row of its own, since nothing is split; null: the splits make rows. */
  readonly whole: readonly Cell[] | null;
  readonly roots: readonly Branch[];
  readonly other: OtherRow | null;
  /** What conditions on measures hid. */
  readonly hidden: HiddenGroups | null;
}

/** The whole as the only row, where nothing is split; null: there are rows, or there is nothing. */
function wholeOf(answer: Answer): readonly Cell[] | null {
  if (answer.columns.some((column) => column.kind === 'split')) return null;
  const values = answer.rows[0] ?? [];
  return values.some((value) => value !== null && Number(value) !== 0) ? values : null;
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
  const roots: Growing[] = [];
  // Each time is in the series of many rows.
  const starts = new Map<Cell, number>();
  const startOf = (text: Cell): number => {
    let start = starts.get(text);
    if (start === undefined) starts.set(text, (start = Date.parse(String(text))));
    return start;
  };
  // Rows come in tree order, so a row continues the branch of the one before it as far as their values agree.
  const way: Growing[] = [];
  for (const row of answer.rows) {
    let level = 0;
    while (level < way.length && way[level]?.path[level] === row[level]) level++;
    way.length = level;
    while (level < levels) {
      const siblings = way[level - 1]?.children ?? roots;
      level++;
      const path = row.slice(0, level);
      const key = keyOf(path);
      const values = level === depth ? row.slice(depth) : (subtotals.get(key) ?? []);
      const node = { key, path, values, children: [], other: others.get(key) ?? null, series: null };
      siblings.push(node);
      way.push(node);
    }
    const leaf = way.at(-1);
    if (foldTime && leaf !== undefined) {
      leaf.series ??= new Map();
      leaf.series.set(startOf(row[levels] ?? null), row.slice(depth));
    }
  }
  return {
    total: totalOf(answer),
    whole: wholeOf(answer),
    roots,
    other: others.get(keyOf([])) ?? null,
    hidden: answer.hidden,
  };
}

/** The measures of the whole; null if the answer has no subtotals. */
export function totalOf(answer: Answer): readonly Cell[] | null {
  const whole = answer.subtotals?.find((row) => row.path.length === 0)?.values;
  const unsplit = answer.columns.every((column) => column.kind !== 'split');
  return whole ?? (unsplit ? (answer.rows[0] ?? null) : null);
}

/** How many different rows there are at a level of the tree; rows come in tree order. */
export function countAt(answer: Answer, level: number): number {
  let count = 0;
  let before: readonly Cell[] | undefined;
  for (const row of answer.rows) {
    if (before === undefined || !sameUpTo(level, row, before)) count++;
    before = row;
  }
  return count;
}

function sameUpTo(level: number, a: readonly Cell[], b: readonly Cell[]): boolean {
  for (let at = 0; at < level; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Tells a line from every other of its table. */
export function lineKey(line: Exclude<Line, { kind: 'gap' }>): string {
  switch (line.kind) {
    case 'branch':
      return line.branch.key;
    case 'other':
      return `other ${keyOf(line.other.path)}`;
    case 'hidden':
      return 'hidden';
    case 'whole':
      return 'whole';
  }
}

export function keyOf(path: readonly Cell[]): string {
  return JSON.stringify(path);
}

/** A line of the table: a row, or what a limit cut from the rows beside it. */
export type Line =
  | {
      readonly kind: 'branch';
      readonly branch: Branch;
      readonly depth: number;
      readonly open: boolean;
      /** The measures of the row above it, or of the whole. */
      readonly parent: readonly Cell[] | null;
    }
  | {
      readonly kind: 'other';
      readonly other: OtherRow;
      readonly depth: number;
      readonly parent: readonly Cell[] | null;
    }
  | { readonly kind: 'gap'; readonly gap: Span; readonly depth: number }
  /** All flows, where nothing is split. */
  | {
      readonly kind: 'whole';
      readonly values: readonly Cell[];
      readonly depth: 0;
      readonly parent: readonly Cell[] | null;
    }
  /** What conditions on measures hid, after all others. */
  | {
      readonly kind: 'hidden';
      readonly hidden: HiddenGroups;
      readonly depth: 0;
      readonly parent: readonly Cell[] | null;
    };

/** The measures of a line. */
export function valuesOf(line: Exclude<Line, { kind: 'gap' }>): readonly Cell[] {
  switch (line.kind) {
    case 'branch':
      return line.branch.values;
    case 'other':
      return line.other.values;
    case 'hidden':
      return line.hidden.values;
    case 'whole':
      return line.values;
  }
}

/** Where a table has times as rows: at which depth, and the spans without logs. */
export interface TimeRows {
  readonly depth: number;
  readonly gaps: readonly Span[];
}

/**
 * The lines that are on show, top to bottom. `times`: among rows that are times, in their order, a span
 * without logs is a line of its own, so that a missing hour is not read as a quiet one.
 */
export function linesOf(
  tree: Tree,
  collapsed: ReadonlySet<string>,
  times: TimeRows | null = null,
): readonly Line[] {
  const lines: Line[] = [];
  const walk = (
    branches: readonly Branch[],
    other: OtherRow | null,
    depth: number,
    parent: readonly Cell[] | null,
  ): void => {
    const missing = times?.depth === depth ? gapsBetween(branches, times.gaps) : null;
    for (const [at, branch] of branches.entries()) {
      for (const gap of missing?.get(at) ?? []) lines.push({ kind: 'gap', gap, depth });
      const open = !collapsed.has(branch.key);
      lines.push({ kind: 'branch', branch, depth, open, parent });
      if (open) walk(branch.children, branch.other, depth + 1, branch.values);
    }
    if (other !== null) lines.push({ kind: 'other', other, depth, parent });
  };
  if (tree.whole !== null) lines.push({ kind: 'whole', values: tree.whole, depth: 0, parent: tree.total });
  walk(tree.roots, tree.other, 0, tree.total);
  if (tree.hidden !== null) lines.push({ kind: 'hidden', hidden: tree.hidden, depth: 0, parent: tree.total });
  return lines;
}

/** The gaps that lie between two rows that are times, by the index of the later row on the screen. */
function gapsBetween(
  branches: readonly Branch[],
  gaps: readonly Span[],
): ReadonlyMap<number, readonly Span[]> {
  const starts = branches.map((branch) => Date.parse(String(branch.path.at(-1))));
  const between = new Map<number, readonly Span[]>();
  for (let at = 1; at < starts.length; at++) {
    const [a = 0, b = 0] = [starts[at - 1], starts[at]];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const inside = gaps.filter((gap) => gap.from > from && gap.from < to);
    if (inside.length > 0) between.set(at, a < b ? inside : inside.toReversed());
  }
  return between;
}
