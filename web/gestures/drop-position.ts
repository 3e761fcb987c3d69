import type { Place } from '../state/drop.ts';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a dragged item would land, and where to draw the mark: a line between items, or a frame around the one it replaces. */
export interface DropPosition {
  readonly place: Place;
  readonly mark: Box;
}

/** Pixels at each end of a pill that still count as the gap beside it, at most a quarter of the pill. */
const EDGE = 18;
const GAP = 4;

/** Where in a row of pills (which may wrap) a pointer lands. `empty`: where an empty row begins. */
export function placeInRow(
  boxes: readonly Box[],
  x: number,
  y: number,
  replaces: boolean,
  empty: Box,
): DropPosition {
  const indexed = boxes.map((box, index) => ({ box, index }));
  const away = ({ box }: { readonly box: Box }): number => Math.max(box.top - y, y - box.bottom, 0);
  const nearest = Math.min(...indexed.map(away));
  const line = indexed.filter((each) => away(each) === nearest);
  for (const { box, index } of line) {
    const width = box.right - box.left;
    const edge = replaces ? Math.min(EDGE, width / 4) : width / 2;
    if (x < box.left + edge) return { place: { kind: 'before', index }, mark: upright(box.left - GAP, box) };
    if (replaces && x <= box.right - edge) return { place: { kind: 'over', index }, mark: box };
  }
  const last = line.at(-1);
  if (last === undefined) return { place: { kind: 'before', index: 0 }, mark: upright(empty.left, empty) };
  return { place: { kind: 'before', index: last.index + 1 }, mark: upright(last.box.right + GAP, last.box) };
}

/** Where in a column of cards a pointer lands. */
export function placeInColumn(boxes: readonly Box[], y: number, empty: Box): DropPosition {
  const index = boxes.findIndex((box) => y < (box.top + box.bottom) / 2);
  const at = index < 0 ? boxes.length : index;
  const box = boxes[at];
  const last = boxes.at(-1);
  const edge = box !== undefined ? box.top - GAP : last !== undefined ? last.bottom + GAP : empty.top;
  const { left, right } = box ?? last ?? empty;
  return { place: { kind: 'before', index: at }, mark: { left, right, top: edge - 1, bottom: edge + 1 } };
}

function upright(x: number, { top, bottom }: Box): Box {
  return { left: x - 1, right: x + 1, top, bottom };
}
