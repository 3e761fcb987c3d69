import { type ReactNode, memo, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { DropMark } from '../gestures/drop-mark.tsx';
import { useDrop } from '../gestures/use-drop.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { plusIcon } from '../parts/icons.tsx';
import { Popup } from '../parts/popup.tsx';
import { pin, unpin } from '../state/pins.ts';
import { TIME } from '../../src/view/view.ts';
import { TopList } from './top-list.tsx';
import './pinboard.css';

/** Dimensions kept in sight: short lists of their top values under the filters. */
export const Pinboard = memo(function Pinboard(): ReactNode {
  const { view, schema, go } = useExplorer();
  const [adding, setAdding] = useState(false);
  const element = useRef<HTMLElement>(null);
  const hovering = useDrop(element, 'pinboard');
  const pins = view.pins.filter((field) => schema.dimension(field).logged);
  return (
    <aside ref={element} className={`pins${hovering ? ' drop-row-on' : ''}`} aria-label="Pinboard">
      <DropMark hovering={hovering} />
      {pins.map((field) => (
        <TopList key={field} field={field} limit={7} onRemove={() => go(unpin(view, field))} />
      ))}
      {pins.length === 0 && (
        <p className="side-none">Drag dimensions here to see their top values all the time.</p>
      )}
      <Popup
        open={adding}
        onOpenChange={setAdding}
        label="Pin a dimension"
        width={240}
        align="end"
        trigger={
          <button type="button" className="pins-add">
            {plusIcon} Pin a dimension
          </button>
        }
      >
        <DimensionPicker
          dimensions={schema.dimensions}
          without={[TIME, ...view.pins]}
          onPick={(field) => {
            setAdding(false);
            go(pin(view, field));
          }}
        />
      </Popup>
    </aside>
  );
});
