import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { pointerOutsideOfPreview } from '@atlaskit/pragmatic-drag-and-drop/element/pointer-outside-of-preview';
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { safeText } from '../../src/model/safe-text.ts';
import type { Dragged } from '../state/drop.ts';
import './drag.css';

const KEY = 'peephole-dragged';

/** The item being dragged, for a drop target; null: from outside the page. */
export function draggedOf(data: Readonly<Record<string | symbol, unknown>>): Dragged | null {
  return (data[KEY] as Dragged | undefined) ?? null;
}

/** Lets an element be dragged; `label` is shown under the pointer. Gives whether it is being dragged. */
export function useDrag(
  element: RefObject<HTMLElement | null>,
  dragged: Dragged | null,
  label: string,
): boolean {
  const [away, setAway] = useState(false);
  const latest = useRef({ dragged, label });
  useEffect(() => {
    latest.current = { dragged, label };
  });
  const can = dragged !== null;
  useEffect(() => {
    if (element.current === null || !can) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ [KEY]: latest.current.dragged }),
      onGenerateDragPreview: ({ nativeSetDragImage }) => {
        setCustomNativeDragPreview({
          nativeSetDragImage,
          getOffset: pointerOutsideOfPreview({ x: '10px', y: '8px' }),
          render: ({ container }) => {
            const preview = document.createElement('div');
            preview.className = 'drag-preview';
            preview.textContent = safeText(latest.current.label);
            container.append(preview);
          },
        });
      },
      onDragStart: () => setAway(true),
      onDrop: () => setAway(false),
    });
  }, [element, can]);
  return away;
}
