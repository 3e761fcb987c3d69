import type { Answer, Cell } from '../../src/model/query/answer.ts';
import { toNumber } from '../../src/view/format/numbers.ts';

export interface MapAmounts {
  readonly flows: number;
  readonly bytes: number;
  readonly refused: number;
}

export type MapMeasure = 'bytes' | 'flows';

/** One party, or all those that are too small to draw. */
export interface MapNode {
  readonly key: string;
  /** The value of `src_party` or `dst_party`; null: none. */
  readonly party: string | null;
  readonly label: string;
  /** A VPC, `Inside` or `Outside`. */
  readonly group: string;
  /** How many parties it stands for. */
  readonly folded: number;
  /** The total of its flows, in and out; flows with itself count once. */
  readonly amounts: MapAmounts;
}

export interface MapEdge extends MapAmounts {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  /** The largest first; an edge from a party to itself too. */
  readonly edges: readonly MapEdge[];
  /** How many parties are merged into other nodes. */
  readonly folded: number;
  /** Flows beyond the limits of the query, which are in no edge. */
  readonly cut: MapAmounts;
}

/** The answers to the three queries of the map: flows by both parties, and the side and VPC of each party. */
export interface MapAnswers {
  readonly edges: Answer;
  /** By party, side and VPC, of either end. */
  readonly places: readonly Answer[];
}

export const OUTSIDE = 'Outside';
const INSIDE = 'Inside';
const UNKNOWN = 'unknown';
const nothing: MapAmounts = { flows: 0, bytes: 0, refused: 0 };

/** How many parties are drawn at most, of those outside and of all others. */
export interface MapLimits {
  readonly outside: number;
  readonly inside: number;
}

/** The graph of an answer, with the parties that have the most of a measure; the others are merged, by side. */
export function graphOf(answers: MapAnswers, measure: MapMeasure, most: MapLimits): MapGraph {
  const groups = groupsOf(answers.places);
  const pairs = answers.edges.rows.map(([from, to, ...values]) => ({
    from: partyOf(from),
    to: partyOf(to),
    amounts: amountsOf(values),
  }));
  const totals = new Map<string | null, MapAmounts>();
  for (const { from, to, amounts } of pairs) {
    totals.set(from, plus(totals.get(from), amounts));
    if (to !== from) totals.set(to, plus(totals.get(to), amounts));
  }
  const ranked = [...totals].toSorted(
    ([a, x], [b, y]) => y[measure] - x[measure] || (String(a) < String(b) ? -1 : 1),
  );
  const groupOf = (party: string | null): string => groups.get(party) ?? INSIDE;
  const parties = ranked.map(([party]) => party);
  const shown = new Set([
    ...parties.filter((party) => groupOf(party) === OUTSIDE).slice(0, most.outside),
    ...parties.filter((party) => groupOf(party) !== OUTSIDE).slice(0, most.inside),
  ]);
  const keyOf = (party: string | null): string =>
    shown.has(party)
      ? `party ${party ?? ''}${party === null ? 'null' : ''}`
      : groupOf(party) === OUTSIDE
        ? 'others outside'
        : 'others inside';
  const nodes = new Map<string, MapNode>();
  for (const [party, amounts] of ranked) {
    const key = keyOf(party);
    const isShown = shown.has(party);
    const before = nodes.get(key);
    const folded = (before?.folded ?? 0) + (isShown ? 0 : 1);
    nodes.set(key, {
      key,
      party: isShown ? party : null,
      label: isShown ? (party ?? UNKNOWN) : `${folded} ${folded === 1 ? 'other' : 'others'}`,
      group: isShown ? groupOf(party) : key === 'others outside' ? OUTSIDE : INSIDE,
      folded,
      amounts: plus(before?.amounts, amounts),
    });
  }
  const edges = new Map<string, MapEdge>();
  for (const { from, to, amounts } of pairs) {
    const [a, b] = [keyOf(from), keyOf(to)];
    const key = JSON.stringify([a, b]);
    edges.set(key, { key, from: a, to: b, ...plus(edges.get(key), amounts) });
  }
  const others = answers.edges.other ?? [];
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].toSorted((x, y) => y[measure] - x[measure] || (x.key < y.key ? -1 : 1)),
    folded: ranked.length - shown.size,
    cut: others.reduce<MapAmounts>((sum, { values }) => plus(sum, amountsOf(values)), nothing),
  };
}

/** A graph with only its largest edges, and the number of others. Edges from a party to itself are never drawn. */
export function largestEdges(
  graph: MapGraph,
  most: number,
): { readonly graph: MapGraph; readonly hidden: number } {
  const drawn = graph.edges.filter(({ from, to }) => from !== to);
  return { graph: { ...graph, edges: drawn.slice(0, most) }, hidden: Math.max(0, drawn.length - most) };
}

/** A node with its neighbours and the edges between them. */
export function neighboursOf(graph: MapGraph, key: string): MapGraph {
  const edges = graph.edges.filter(({ from, to }) => from === key || to === key);
  const near = new Set([key, ...edges.flatMap(({ from, to }) => [from, to])]);
  return { ...graph, edges, nodes: graph.nodes.filter((node) => near.has(node.key)) };
}

/** More than half of its flows were rejected. */
export function isRefused({ flows, refused }: MapAmounts): boolean {
  return refused * 2 > flows;
}

function groupsOf(places: readonly Answer[]): ReadonlyMap<string | null, string> {
  const best = new Map<string | null, { readonly group: string; readonly flows: number }>();
  for (const [party, side, vpc, flows] of places.flatMap(({ rows }) => rows)) {
    const key = partyOf(party);
    const amount = toNumber(flows) ?? 0;
    if (amount <= (best.get(key)?.flows ?? -1)) continue;
    const group = side === 'external' ? OUTSIDE : typeof vpc === 'string' ? vpc : INSIDE;
    best.set(key, { group, flows: amount });
  }
  return new Map([...best].map(([party, { group }]) => [party, group]));
}

function partyOf(cell: Cell | undefined): string | null {
  return typeof cell === 'string' ? cell : null;
}

function amountsOf([flows, bytes, refused]: readonly Cell[]): MapAmounts {
  return { flows: toNumber(flows) ?? 0, bytes: toNumber(bytes) ?? 0, refused: toNumber(refused) ?? 0 };
}

function plus(a: MapAmounts | undefined, b: MapAmounts): MapAmounts {
  if (a === undefined) return { flows: b.flows, bytes: b.bytes, refused: b.refused };
  return { flows: a.flows + b.flows, bytes: a.bytes + b.bytes, refused: a.refused + b.refused };
}
