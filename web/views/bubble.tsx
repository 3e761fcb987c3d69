import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { valueText } from '../format/names.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { copyText } from '../parts/clipboard.ts';
import { Popup } from '../parts/popup.tsx';
import { type Step, exclude, only } from '../state/filters.ts';
import { drillInto } from '../state/splits.ts';
import { type View, TIME, withVisualization } from '../state/view.ts';
import './bubble.css';

/** What can be done with a selection: the row or line at the end of the steps, together with its parents. */
export function Bubble(props: {
  readonly steps: readonly Step[];
  readonly place: { readonly left: number; readonly top: number };
  /** Whether the selection was made by keyboard, so that the focus moves here. */
  readonly focus: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const { view, schema, go, notify } = useExplorer();
  const [picking, setPicking] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  const { steps, onClose } = props;
  const leaf = steps.at(-1);

  useEffect(() => {
    if (props.focus) element.current?.querySelector('button')?.focus();
  }, [props.focus]);

  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      const target = event.target;
      if (target instanceof Element && target.closest('.bubble, .popup, [data-selectable]') === null)
        onClose();
    };
    const escape = (event: globalThis.KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [onClose]);

  if (leaf === undefined) return null;
  const show = (next: View): void => {
    onClose();
    go(next);
  };
  const label = schema.dimension(leaf.field).label;
  const used = steps.map((step) => step.field);

  return (
    <div
      ref={element}
      className="bubble"
      role="toolbar"
      aria-label="Selection"
      style={props.place}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={moveFocus}
    >
      <button type="button" title="Keep only these flows" onClick={() => show(only(view, steps))}>
        Only
      </button>
      <button
        type="button"
        disabled={leaf.field === TIME}
        title={leaf.field === TIME ? 'A time can’t be left out' : `Leave out this ${label.toLowerCase()}`}
        onClick={() => show(exclude(view, leaf))}
      >
        Exclude
      </button>
      <Popup
        open={picking}
        onOpenChange={setPicking}
        label="Split by"
        width={240}
        trigger={
          <button type="button" title="Keep only these flows, and split them anew">
            Split by…
          </button>
        }
      >
        <DimensionPicker
          dimensions={schema.dimensions}
          without={used}
          onPick={(field) => show(drillInto(only(view, steps), field))}
        />
      </Popup>
      <button
        type="button"
        title="The records behind it"
        onClick={() => show(withVisualization(only(view, steps), 'records'))}
      >
        Raw rows
      </button>
      <button
        type="button"
        title="Copy the value"
        onClick={() => {
          const text = leaf.field === TIME ? new Date(Number(leaf.value)).toISOString() : textOf(leaf);
          void copyText(text).then((done) =>
            notify(done ? `Copied ${text}` : 'The browser did not let it be copied'),
          );
          onClose();
        }}
      >
        Copy
      </button>
    </div>
  );
}

function textOf(step: Step): string {
  return step.value === null ? valueText(step.field, null) : String(step.value);
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button:enabled')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const next = buttons[(at + (event.key === 'ArrowRight' ? 1 : -1) + buttons.length) % buttons.length];
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
}
