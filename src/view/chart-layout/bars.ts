import type { Answer, Cell, HiddenGroups } from '../../model/query/answer.ts';
import { toNumber } from '../format/numbers.ts';
import { MOST_LINES } from './chart-query.ts';
import { keyOf, treeOf } from './tree.ts';

export interface BarPart {
  /** Null: what the limit cut, or what is beyond the colours. */
  readonly path: readonly Cell[] | null;
  /** Which of the legend's colours; null: the rest. */
  readonly colour: number | null;
  readonly value: number;
}

export interface Bar {
  readonly key: string;
  /** Null: what a limit cut, or conditions on measures hid. */
  readonly path: readonly Cell[] | null;
  /** `groups` of the values that the limit cut, or hidden ones; null: a value of its own. */
  readonly rest:
    | { readonly kind: 'other'; readonly groups: number }
    | { readonly kind: 'hidden'; readonly hidden: HiddenGroups }
    | null;
  readonly value: number | null;
  readonly parts: readonly BarPart[];
}

export interface Bars {
  readonly bars: readonly Bar[];
  /** The values that have a colour, the largest first; empty: one split only. */
  readonly legend: readonly Cell[];
  readonly most: number;
}

/**
 * A bar for each value of the outer split; with a second split it is made of parts. The ten values that are
 * largest over all bars have a colour. Parts that can't be distinguished add up in a last one, so that a bar is whole.
 */
export function barsOf(answer: Answer, measure: number, adds: boolean): Bars {
  const tree = treeOf(answer, false);
  const sums = new Map<Cell, number>();
  for (const branch of tree.roots) {
    for (const child of branch.children) {
      const name = child.path.at(-1) ?? null;
      sums.set(name, (sums.get(name) ?? 0) + (toNumber(child.values[measure]) ?? 0));
    }
  }
  const legend = adds
    ? [...sums]
        .sort((a, b) => b[1] - a[1])
        .slice(0, MOST_LINES)
        .map(([name]) => name)
    : [];
  const bars: Bar[] = tree.roots.map((branch) => {
    const value = toNumber(branch.values[measure]);
    const parts: BarPart[] = branch.children
      .map((child) => {
        const colour = legend.indexOf(child.path.at(-1) ?? null);
        return { path: child.path, colour, value: toNumber(child.values[measure]) ?? 0 };
      })
      .filter((part) => part.colour >= 0 && part.value > 0)
      .sort((a, b) => a.colour - b.colour);
    const rest = (value ?? 0) - parts.reduce((sum, part) => sum + part.value, 0);
    const whole =
      legend.length > 0 && rest > 1e-9 ? [...parts, { path: null, colour: null, value: rest }] : parts;
    return { key: branch.key, path: branch.path, rest: null, value, parts: whole };
  });
  if (tree.other !== null) {
    const { path, groups, values } = tree.other;
    const rest = { kind: 'other' as const, groups };
    bars.push({ key: `other ${keyOf(path)}`, path: null, rest, value: toNumber(values[measure]), parts: [] });
  }
  if (tree.hidden !== null) {
    const rest = { kind: 'hidden' as const, hidden: tree.hidden };
    const value = toNumber(tree.hidden.values[measure]);
    bars.push({ key: 'hidden', path: null, rest, value, parts: [] });
  }
  // Every bar that is drawn is on the scale: one that is not would be read as if it were.
  const most = Math.max(0, ...bars.map((bar) => bar.value ?? 0));
  return { bars, legend, most };
}
