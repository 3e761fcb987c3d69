import type { ReactNode } from 'react';
import type { Hovering } from './use-drop.ts';
import './drag.css';

/** Marks where a dragged item would land: a line between items, or a frame around the item that it replaces. */
export function DropMark(props: { readonly hovering: Hovering | null }): ReactNode {
  const mark = props.hovering?.mark;
  if (!mark) return null;
  return (
    <span
      className={props.hovering?.over ? 'drop-over' : 'drop-between'}
      style={{
        left: mark.left,
        top: mark.top,
        width: mark.right - mark.left,
        height: mark.bottom - mark.top,
      }}
    />
  );
}
