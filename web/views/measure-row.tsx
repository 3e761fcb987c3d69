import { type ReactNode, useState } from 'react';
import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { MeasureMenu } from '../menus/measure-menu.tsx';
import { isCatalogMeasure } from '../../src/model/catalog/measures.ts';
import { MeasureName as NameForm } from '../menus/measure-name.tsx';
import { plusIcon } from '../parts/icons.tsx';
import { Pill } from '../parts/pill.tsx';
import { Popup } from '../parts/popup.tsx';
import { putMeasureFirst, toggleMeasure } from '../state/view-measures.ts';

export function MeasureRow(): ReactNode {
  const { view, menu, setMenu } = useExplorer();
  return (
    <div className="bar-row bar-end bar-measures">
      {view.measures.map((name) => (
        <MeasurePill key={name} name={name} />
      ))}
      <Popup
        open={menu === 'measure'}
        onOpenChange={(open) => setMenu(open ? 'measure' : null)}
        label="Add a measure"
        width={300}
        align="end"
        trigger={
          <button type="button" className="pill-add" title="Add a measure" aria-label="Add a measure">
            {plusIcon}
          </button>
        }
      >
        <MeasureMenu onClose={() => setMenu(null)} />
      </Popup>
    </div>
  );
}

function MeasurePill(props: { readonly name: MeasureName }): ReactNode {
  const { view, schema, go } = useExplorer();
  const [open, setOpen] = useState(false);
  const measure = schema.measure(props.name);
  const first = view.measures[0] === props.name;
  return (
    <Pill
      kind="measure"
      label={`Measure: ${measure.label}`}
      open={open}
      onOpenChange={setOpen}
      onRemove={view.measures.length > 1 ? () => go(toggleMeasure(view, props.name)) : undefined}
      width={250}
      align="end"
      text={<span>{measure.label}</span>}
    >
      <p className="measure-menu">{measure.description}.</p>
      {!isCatalogMeasure(props.name) && !schema.readOnly && (
        <NameForm key={props.name} measure={props.name} onDone={() => setOpen(false)} />
      )}
      <div className="popup-foot">
        <button
          type="button"
          className="button"
          disabled={first}
          onClick={() => {
            setOpen(false);
            go(putMeasureFirst(view, props.name));
          }}
        >
          {first ? 'Splits are sorted by it' : 'Sort splits by it'}
        </button>
      </div>
    </Pill>
  );
}
