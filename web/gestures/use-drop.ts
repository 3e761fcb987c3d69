import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { type Dragged, type Target, drop, takes } from '../state/drop.ts';
import { type Box, type DropPosition, placeInColumn, placeInRow } from './drop-position.ts';
import { draggedOf } from './use-drag.ts';

/** What a drop target shows; null: nothing is over it. Boxes are relative to the element. */
export interface Hovering {
  readonly dragged: Dragged;
  readonly over: boolean;
  readonly mark: Box | null;
}

/** Makes an element a drop target; pills or cards in it have the attribute `data-place`. */
export function useDrop(element: RefObject<HTMLElement | null>, kind: Target['kind']): Hovering | null {
  const { view, act } = useExplorer();
  const [hovering, setHovering] = useState<Hovering | null>(null);
  const latest = useRef({ view, act });
  useEffect(() => {
    latest.current = { view, act };
  });
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    return dropTargetForElements({
      element: target,
      canDrop: ({ source }) => {
        const dragged = draggedOf(source.data);
        return dragged !== null && takes(kind, dragged);
      },
      onDrag: ({ source, location }) => {
        const dragged = draggedOf(source.data);
        if (dragged === null) return;
        const landing = landingIn(target, kind, location.current.input);
        const over = landing?.place.kind === 'over';
        const mark = landing === null ? null : relative(landing.mark, target);
        setHovering((now) => (same(now, over, mark) ? now : { dragged, over, mark }));
      },
      onDragLeave: () => setHovering(null),
      onDrop: ({ source, location }) => {
        setHovering(null);
        const dragged = draggedOf(source.data);
        if (dragged === null) return;
        const landing = landingIn(target, kind, location.current.input);
        const where: Target =
          kind === 'chart' || landing === null ? { kind: 'chart' } : { kind, place: landing.place };
        latest.current.act(drop(latest.current.view, dragged, where));
      },
    });
  }, [element, kind]);
  return hovering;
}

function landingIn(
  target: HTMLElement,
  kind: Target['kind'],
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): DropPosition | null {
  if (kind === 'chart') return null;
  const boxes = [...target.querySelectorAll('[data-place]')].map((each) => each.getBoundingClientRect());
  const own = target.getBoundingClientRect();
  return kind === 'pinboard'
    ? placeInColumn(boxes, clientY, own)
    : placeInRow(boxes, clientX, clientY, kind === 'splits', own);
}

function relative(box: Box, target: HTMLElement): Box {
  const { left, top } = target.getBoundingClientRect();
  const [x, y] = [left - target.scrollLeft, top - target.scrollTop];
  return { left: box.left - x, right: box.right - x, top: box.top - y, bottom: box.bottom - y };
}

function same(now: Hovering | null, over: boolean, mark: Box | null): boolean {
  return now !== null && now.over === over && JSON.stringify(now.mark) === JSON.stringify(mark);
}
