import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force';
import { type MapGraph, type MapNode, OUTSIDE } from './graph.ts';

/** A rectangle: upper left corner and size. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PlacedGroup extends Box {
  readonly name: string;
}

export interface MapLayout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly groups: readonly PlacedGroup[];
  readonly width: number;
  readonly height: number;
}

interface Moving extends SimulationNodeDatum {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  x: number;
  y: number;
}

/** Characters of a label that are drawn. */
export const MOST_LABEL = 24;
const HEIGHT = 38;
/** Space between boxes, and around the boxes of a group. */
const GAP = 16;
const MARGIN = 18;
const HEAD = 24;
const BETWEEN_GROUPS = 70;
const TICKS = 220;
const TRIES = 400;

/**
 * Places the boxes of all nodes without overlap: each group separately, by forces along the edges (d3-force, which is
 * deterministic), then the groups side by side, outside at the left.
 */
export function layoutOf({ nodes, edges }: MapGraph): MapLayout {
  const groups = new Map<string, MapNode[]>();
  for (const node of nodes) groups.set(node.group, [...(groups.get(node.group) ?? []), node]);
  const placed = [...groups].map(([name, members]) => {
    const boxes = placeGroup(members, edges);
    return { name, boxes, width: extent(boxes, 'x', 'width'), height: extent(boxes, 'y', 'height') };
  });
  const outside = placed.filter(({ name }) => name === OUTSIDE);
  const inside = placed
    .filter(({ name }) => name !== OUTSIDE)
    .toSorted((a, b) => b.width * b.height - a.width * a.height || (a.name < b.name ? -1 : 1));
  const sizeOf = ({ width, height }: (typeof placed)[number]): { width: number; height: number } => ({
    width: width + 2 * MARGIN,
    height: height + MARGIN + HEAD,
  });
  const area = inside.reduce((sum, group) => sum + sizeOf(group).width * sizeOf(group).height, 0);
  const widest = Math.max(0, ...inside.map((group) => sizeOf(group).width));
  const row = Math.max(widest, Math.sqrt(area) * 1.5);
  const result = new Map<string, Box>();
  const frames: PlacedGroup[] = [];
  const put = (group: (typeof placed)[number], x: number, y: number): void => {
    frames.push({ name: group.name, x, y, ...sizeOf(group) });
    for (const box of group.boxes)
      result.set(box.key, {
        x: x + MARGIN + box.x,
        y: y + HEAD + box.y,
        width: box.width,
        height: box.height,
      });
  };
  let left = 0;
  for (const group of outside) {
    put(group, left, 0);
    left += sizeOf(group).width + BETWEEN_GROUPS;
  }
  let [x, y, tallest] = [left, 0, 0];
  for (const group of inside) {
    const size = sizeOf(group);
    if (x > left && x + size.width > left + row) {
      x = left;
      y += tallest + BETWEEN_GROUPS;
      tallest = 0;
    }
    put(group, x, y);
    x += size.width + BETWEEN_GROUPS;
    tallest = Math.max(tallest, size.height);
  }
  return {
    boxes: result,
    groups: frames,
    width: extent(frames, 'x', 'width'),
    height: extent(frames, 'y', 'height'),
  };
}

/** The boxes of one group, from 0, 0 on. */
function placeGroup(
  members: readonly MapNode[],
  edges: MapGraph['edges'],
): readonly (Box & { key: string })[] {
  const keys = new Set(members.map(({ key }) => key));
  const links = edges
    .filter(({ from, to }) => from !== to && keys.has(from) && keys.has(to))
    .map(({ from, to }) => ({ source: from, target: to }));
  const sized = members.map((node) => ({ key: node.key, width: widthOf(node), height: HEIGHT }));
  if (links.length === 0) return inColumns(sized, members[0]?.group === OUTSIDE ? 9 : 3);
  const moving: Moving[] = sized.map((box, at) => ({
    ...box,
    // Start on a spiral, so that the result is the same each time.
    x: 60 * Math.sqrt(at) * Math.cos(at * 2.4),
    y: 40 * Math.sqrt(at) * Math.sin(at * 2.4),
  }));
  forceSimulation(moving)
    .force(
      'link',
      forceLink<Moving, { source: string | Moving; target: string | Moving }>(links)
        .id(({ key }) => key)
        .distance(150),
    )
    .force('charge', forceManyBody().strength(-260))
    .force(
      'collide',
      forceCollide<Moving>(({ width }) => width / 2),
    )
    .force('x', forceX().strength(0.05))
    .force('y', forceY().strength(0.09))
    .stop()
    .tick(TICKS);
  const boxes = moving.map(({ key, x, y, width, height }) => ({
    key,
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
  }));
  return spread(boxes) ? fromZero(boxes) : inColumns(sized, 3);
}

function widthOf({ label }: MapNode): number {
  return Math.max(96, Math.min(label.length, MOST_LABEL) * 7.4 + 28);
}

/** Nodes without edges in their group: in columns, in the given order; `tall`: about how many rows a column has. */
function inColumns(
  boxes: readonly { readonly key: string; readonly width: number; readonly height: number }[],
  tall: number,
): readonly (Box & { key: string })[] {
  const rows = Math.max(1, Math.ceil(Math.sqrt(boxes.length * tall)));
  const width = Math.max(...boxes.map((box) => box.width));
  return boxes.map((box, at) => ({
    ...box,
    x: Math.floor(at / rows) * (width + GAP),
    y: (at % rows) * (HEIGHT + GAP),
  }));
}

/** Moves overlapping boxes apart, each in the shorter direction. Gives whether none overlap any more. */
function spread(boxes: { x: number; y: number; width: number; height: number }[]): boolean {
  for (let tries = 0; tries < TRIES; tries++) {
    let isDone = true;
    for (const [at, a] of boxes.entries()) {
      for (const b of boxes.slice(at + 1)) {
        const dx = (a.width + b.width) / 2 + GAP - Math.abs(a.x + a.width / 2 - b.x - b.width / 2);
        const dy = (a.height + b.height) / 2 + GAP - Math.abs(a.y + a.height / 2 - b.y - b.height / 2);
        if (dx <= 0.01 || dy <= 0.01) continue;
        isDone = false;
        if (dy < dx) {
          const move = (a.y + a.height / 2 <= b.y + b.height / 2 ? dy : -dy) / 2;
          a.y -= move;
          b.y += move;
        } else {
          const move = (a.x + a.width / 2 <= b.x + b.width / 2 ? dx : -dx) / 2;
          a.x -= move;
          b.x += move;
        }
      }
    }
    if (isDone) return true;
  }
  return false;
}

function fromZero<B extends Box>(boxes: readonly B[]): readonly B[] {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  return boxes.map((box) => ({ ...box, x: box.x - left, y: box.y - top }));
}

function extent(boxes: readonly Box[], at: 'x' | 'y', size: 'width' | 'height'): number {
  return boxes.reduce((most, box) => Math.max(most, box[at] + box[size]), 0);
}

/** The line from a box to another, bent a little to its left, so that both directions can be seen. */
export function lineBetween(from: Box, to: Box): string {
  const [a, b] = [centre(from), centre(to)];
  const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y));
  const bend = Math.min(36, length / 6);
  const middle = {
    x: (a.x + b.x) / 2 + ((b.y - a.y) / length) * bend,
    y: (a.y + b.y) / 2 - ((b.x - a.x) / length) * bend,
  };
  const [start, end] = [edgeTowards(from, middle), edgeTowards(to, middle)];
  const point = ({ x, y }: { x: number; y: number }): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${point(start)}Q${point(middle)} ${point(end)}`;
}

function centre({ x, y, width, height }: Box): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where the line from a box's center to a point crosses its border. */
function edgeTowards(
  box: Box,
  point: { readonly x: number; readonly y: number },
): { readonly x: number; readonly y: number } {
  const { x, y } = centre(box);
  const [dx, dy] = [point.x - x, point.y - y];
  const scale = Math.min(
    1,
    box.width / 2 / Math.max(0.001, Math.abs(dx)),
    box.height / 2 / Math.max(0.001, Math.abs(dy)),
  );
  return { x: x + dx * scale, y: y + dy * scale };
}
