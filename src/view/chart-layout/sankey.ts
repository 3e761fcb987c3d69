import type { Cell } from '../../model/query/answer.ts';
import type { SankeyColumn, SankeyPair } from './sankey-questions.ts';

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
  readonly amount: number;
}

const LEAST_GAP = 3;
const REST = 'rest';

/**
 * Bands from each value of a column to those of the next. What a column does not name is one node of it, so that every
 * column is the whole. Nodes stand so that bands cross little: each near what flows into it. `total`: of all flows;
 * `pairs`: between a column and the next.
 */
export function sankeyOf(
  columns: readonly SankeyColumn[],
  pairs: readonly SankeyPair[],
  total: number,
  height: number,
): Sankey {
  const values = new Map<string, Cell>();
  const sums = new Map<string, number>();
  columns.forEach(({ named }, level) => {
    for (const { value, amount } of named) {
      if (amount <= 0) continue;
      values.set(keyOf(level, value), value);
      sums.set(keyOf(level, value), amount);
    }
    const rest = total - named.reduce((sum, { amount }) => sum + amount, 0);
    if (rest > NOTHING * total) sums.set(`${level} ${REST}`, rest);
  });
  const flows = columns.slice(1).flatMap((_, level) => flowsOf(sums, pairs[level] ?? [], level));
  const most = Math.max(1, ...columns.map(({ named }) => named.length + 1));
  const nodes = place(sums, flows, { depth: columns.length, total, height, most, values });
  return { nodes: [...nodes.values()], links: linksOf(flows, nodes, bandScale(total, height, most)), total };
}

/** Less than this share of the whole is what sums of fractions leave over. */
const NOTHING = 1e-9;

function keyOf(level: number, value: Cell): string {
  return `${level} ${JSON.stringify(value)}`;
}

/** What flows from a column to the next: between named values as asked, and what of each is left to and from the rest. */
function flowsOf(sums: ReadonlyMap<string, number>, pair: SankeyPair, level: number): readonly Flow[] {
  const flows: Flow[] = [];
  const left = new Map([...sums].filter(([key]) => key.startsWith(`${level} `)));
  const right = new Map([...sums].filter(([key]) => key.startsWith(`${level + 1} `)));
  const add = (from: string, to: string, amount: number): void => {
    const most = Math.min(amount, left.get(from) ?? 0, right.get(to) ?? 0);
    if (most <= 0) return;
    flows.push({ from, to, level, amount: most });
    left.set(from, (left.get(from) ?? 0) - most);
    right.set(to, (right.get(to) ?? 0) - most);
  };
  for (const { from, to, amount } of pair) {
    const [a, b] = [keyOf(level, from), keyOf(level + 1, to)];
    if (left.has(a) && right.has(b)) add(a, b, amount);
  }
  const [restLeft, restRight] = [`${level} ${REST}`, `${level + 1} ${REST}`];
  for (const [key, amount] of left) if (key !== restLeft) add(key, restRight, amount);
  for (const [key, amount] of right) if (key !== restRight) add(restLeft, key, amount);
  add(restLeft, restRight, left.get(restLeft) ?? 0);
  return flows;
}

interface Room {
  readonly depth: number;
  readonly total: number;
  readonly height: number;
  /** The most nodes of a column. */
  readonly most: number;
  readonly values: ReadonlyMap<string, Cell>;
}

function place(
  sums: ReadonlyMap<string, number>,
  flows: readonly Flow[],
  { depth, total, height, most, values }: Room,
): ReadonlyMap<string, SankeyNode> {
  const nodes = new Map<string, SankeyNode>();
  const scale = bandScale(total, height, most);
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
function bandScale(total: number, height: number, most: number): number {
  return total <= 0 ? 0 : Math.max(0.2 * height, height - most * 14) / total;
}

function linksOf(
  flows: readonly Flow[],
  nodes: ReadonlyMap<string, SankeyNode>,
  scale: number,
): readonly SankeyLink[] {
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
