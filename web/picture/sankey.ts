import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { toNumber } from '../format/numbers.ts';
import { type Branch, treeOf } from './tree.ts';

export interface SankeyNode {
  readonly key: string;
  readonly level: number;
  /** Null: all others. */
  readonly value: Cell;
  readonly rest: boolean;
  readonly amount: number;
  readonly top: number;
  readonly height: number;
}

export interface SankeyLink {
  readonly key: string;
  readonly from: SankeyNode;
  readonly to: SankeyNode;
  readonly amount: number;
  /** Where it leaves and where it arrives: the middle of its band. */
  readonly y0: number;
  readonly y1: number;
  readonly breadth: number;
}

export interface Sankey {
  readonly nodes: readonly SankeyNode[];
  readonly links: readonly SankeyLink[];
  readonly total: number;
}

interface Flow {
  readonly from: string;
  readonly to: string;
  readonly level: number;
  amount: number;
}

/** The most nodes of a level; smaller ones join the rest. */
const MOST_NODES = 14;
const LEAST_GAP = 3;
const REST = 'rest';

/**
 * Bands from each value of a split to those of the next. What limits cut flows into one node of each level,
 * so that every level is the whole. Nodes stand so that bands cross little: each near what flows into it.
 */
export function sankeyOf(answer: Answer, measure: number, height: number): Sankey {
  const depth = answer.columns.filter((column) => column.kind === 'split').length;
  const { roots, other } = treeOf(answer, false);
  const values = new Map<string, Cell>();
  const paths = leafPaths(
    roots,
    other === null ? 0 : (toNumber(other.values[measure]) ?? 0),
    depth,
    measure,
    values,
  );
  const shown = largest(paths, depth);
  const flows = new Map<string, Flow>();
  const sums = new Map<string, number>();
  for (const { keys, amount } of paths) {
    const named = keys.map((key, level) => (shown[level]?.has(key) === true ? key : `${level} ${REST}`));
    named.forEach((key, level) => {
      sums.set(key, (sums.get(key) ?? 0) + amount);
      const next = named[level + 1];
      if (next === undefined) return;
      const id = `${key} → ${next}`;
      const flow = flows.get(id);
      if (flow === undefined) flows.set(id, { from: key, to: next, level, amount });
      else flow.amount += amount;
    });
  }
  const total = paths.reduce((sum, path) => sum + path.amount, 0);
  const nodes = place(sums, [...flows.values()], depth, total, height, values);
  return { nodes: [...nodes.values()], links: linksOf([...flows.values()], nodes, total, height), total };
}

interface LeafPath {
  readonly keys: readonly string[];
  readonly amount: number;
}

/** Every way through the levels with its amount, those that limits cut among them. */
function leafPaths(
  roots: readonly Branch[],
  cut: number,
  depth: number,
  measure: number,
  values: Map<string, Cell>,
): readonly LeafPath[] {
  const paths: LeafPath[] = [];
  const rest = (from: readonly string[]): readonly string[] =>
    Array.from({ length: depth }, (_, level) => from[level] ?? `${level} ${REST}`);
  const walk = (branches: readonly Branch[], above: readonly string[]): void => {
    for (const branch of branches) {
      const value = branch.path.at(-1) ?? null;
      const key = `${above.length} ${JSON.stringify(value)}`;
      values.set(key, value);
      const keys = [...above, key];
      const own = toNumber(branch.values[measure]) ?? 0;
      if (branch.children.length === 0) paths.push({ keys: rest(keys), amount: own });
      else {
        walk(branch.children, keys);
        const lost = branch.other === null ? 0 : (toNumber(branch.other.values[measure]) ?? 0);
        if (lost > 0) paths.push({ keys: rest(keys), amount: lost });
      }
    }
  };
  walk(roots, []);
  if (cut > 0) paths.push({ keys: rest([]), amount: cut });
  return paths.filter((path) => path.amount > 0);
}

function largest(paths: readonly LeafPath[], depth: number): readonly ReadonlySet<string>[] {
  return Array.from({ length: depth }, (_, level) => {
    const sums = new Map<string, number>();
    for (const { keys, amount } of paths) {
      const key = keys[level] ?? '';
      if (!key.endsWith(REST)) sums.set(key, (sums.get(key) ?? 0) + amount);
    }
    const sorted = [...sums].sort((a, b) => b[1] - a[1]).slice(0, MOST_NODES);
    return new Set(sorted.map(([key]) => key));
  });
}

function place(
  sums: ReadonlyMap<string, number>,
  flows: readonly Flow[],
  depth: number,
  total: number,
  height: number,
  values: ReadonlyMap<string, Cell>,
): ReadonlyMap<string, SankeyNode> {
  const nodes = new Map<string, SankeyNode>();
  const scale = bandScale(total, height);
  for (let level = 0; level < depth; level++) {
    const keys = [...sums.keys()].filter((key) => key.startsWith(`${level} `));
    const weight = (key: string): number => {
      if (key.endsWith(REST)) return Infinity;
      const into = flows.filter((flow) => flow.to === key);
      const sum = into.reduce((all, flow) => all + flow.amount, 0);
      const middle = (flow: Flow): number => {
        const from = nodes.get(flow.from);
        return from === undefined ? 0 : from.top + from.height / 2;
      };
      return level === 0
        ? -(sums.get(key) ?? 0)
        : into.reduce((all, flow) => all + middle(flow) * flow.amount, 0) / Math.max(1e-9, sum);
    };
    const ordered = keys.map((key) => ({ key, weight: weight(key) })).sort((a, b) => a.weight - b.weight);
    const used = keys.reduce((sum, key) => sum + (sums.get(key) ?? 0), 0) * scale;
    const gap = keys.length > 1 ? Math.max(LEAST_GAP, (height - used) / (keys.length - 1)) : 0;
    let top = keys.length === 1 ? (height - used) / 2 : 0;
    for (const { key } of ordered) {
      const amount = sums.get(key) ?? 0;
      const node = {
        key,
        level,
        value: values.get(key) ?? null,
        rest: key.endsWith(REST),
        amount,
        top,
        height: Math.max(1, amount * scale),
      };
      nodes.set(key, node);
      top += node.height + Math.min(gap, 26);
    }
  }
  return nodes;
}

/** Pixels for one unit, so that the fullest level still has gaps. */
function bandScale(total: number, height: number): number {
  return total <= 0 ? 0 : (height - MOST_NODES * 14) / total;
}

function linksOf(
  flows: readonly Flow[],
  nodes: ReadonlyMap<string, SankeyNode>,
  total: number,
  height: number,
): readonly SankeyLink[] {
  const scale = bandScale(total, height);
  const left = new Map<string, number>();
  const right = new Map<string, number>();
  const topOf = (key: string): number => nodes.get(key)?.top ?? 0;
  const starts = new Map<Flow, number>();
  for (const flow of [...flows].sort((a, b) => topOf(a.to) - topOf(b.to))) {
    starts.set(flow, left.get(flow.from) ?? 0);
    left.set(flow.from, (left.get(flow.from) ?? 0) + flow.amount * scale);
  }
  return [...flows]
    .sort((a, b) => topOf(a.from) - topOf(b.from))
    .flatMap((flow) => {
      const [from, to] = [nodes.get(flow.from), nodes.get(flow.to)];
      if (from === undefined || to === undefined) return [];
      const breadth = flow.amount * scale;
      const y0 = from.top + (starts.get(flow) ?? 0) + breadth / 2;
      const y1 = to.top + (right.get(flow.to) ?? 0) + breadth / 2;
      right.set(flow.to, (right.get(flow.to) ?? 0) + breadth);
      return [{ key: `${flow.from} → ${flow.to}`, from, to, amount: flow.amount, y0, y1, breadth }];
    });
}
