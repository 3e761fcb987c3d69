import type { MeasureName } from '../../src/model/catalog/measure-expression.ts';
import { parseSortKey } from '../../src/model/query/sort-measure.ts';
import { type ReactNode, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { DropMark } from '../gestures/drop-mark.tsx';
import { useDrop } from '../gestures/use-drop.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { SplitMenu } from '../menus/split-menu.tsx';
import { filterIcon, plusIcon } from '../parts/icons.tsx';
import { Pill } from '../parts/pill.tsx';
import { Popup } from '../parts/popup.tsx';
import { type Dragged, drop } from '../state/drop.ts';
import { suggestedSplits } from '../state/suggested-splits.ts';
import { addSplit, moveSplit, removeSplit } from '../../src/view/splits.ts';
import { bucketFor, defaultSort } from '../../src/view/to-query.ts';
import { type SplitChoice, TIME, isWhole } from '../../src/view/view.ts';
import { durationName } from '../../src/view/time/iso-duration.ts';

export function SplitRow(): ReactNode {
  const { view, schema, go, menu, setMenu } = useExplorer();
  const row = useRef<HTMLDivElement>(null);
  const hovering = useDrop(row, 'splits');
  return (
    <div ref={row} className={`bar-row drop-row${hovering ? ' drop-row-on' : ''}`}>
      <DropMark hovering={hovering} />
      {view.splits.map((split, index) => (
        <SplitPill key={split.field} split={split} index={index} />
      ))}
      <Popup
        open={menu === 'split'}
        onOpenChange={(open) => setMenu(open ? 'split' : null)}
        label="Add a split"
        width={240}
        trigger={
          <button type="button" className="pill-add" title="Add a split" aria-label="Add a split">
            {plusIcon}
          </button>
        }
      >
        <DimensionPicker
          dimensions={schema.dimensions}
          without={view.splits.map((split) => split.field)}
          onPick={(field) => {
            setMenu(null);
            go(addSplit(view, field));
          }}
        />
      </Popup>
      {isWhole(view) && (
        <span className="bar-hint">
          Choose a dimension on the left to split by it: one row for each value.
        </span>
      )}
      <Offers />
    </div>
  );
}

/** The splits that are suggested, as far as there is room for them. */
function Offers(): ReactNode {
  const { view, schema, go } = useExplorer();
  const offered = suggestedSplits(view, (field) => field === TIME || schema.dimension(field).logged);
  if (offered.length === 0) return null;
  return (
    <span className="bar-offers">
      {offered.map((field) => {
        const { label } = schema.dimension(field);
        return (
          <button
            key={field}
            type="button"
            className="bar-offer"
            title={`Split by ${label.toLowerCase()} too`}
            onClick={() => go(addSplit(view, field))}
          >
            {field === TIME ? 'over time' : `by ${label.toLowerCase()}`}
          </button>
        );
      })}
    </span>
  );
}

function SplitPill(props: { readonly split: SplitChoice; readonly index: number }): ReactNode {
  const { view, schema, go, act } = useExplorer();
  const [open, setOpen] = useState(false);
  const dragged: Dragged = { kind: 'split', field: props.split.field, index: props.index };
  const { label } = schema.dimension(props.split.field);
  return (
    <Pill
      kind="split"
      label={`Split: ${label}`}
      open={open}
      onOpenChange={setOpen}
      onRemove={() => go(removeSplit(view, props.index))}
      dragged={dragged}
      onMove={(way) => {
        if (way === 'left' || way === 'right') go(moveSplit(view, props.index, way === 'left' ? -1 : 1));
        else if (way === 'up' && props.split.field !== TIME)
          act(
            drop(view, dragged, { kind: 'filters', place: { kind: 'before', index: view.filters.length } }),
          );
      }}
      width={props.split.field === TIME ? 432 : 372}
      text={
        <>
          <span>{label}</span>
          <span className="soft">
            <How split={props.split} />
          </span>
          {view.filters.some((clause) => clause.field === props.split.field) && (
            <span className="pill-also" title={`${label} is also a filter`}>
              {filterIcon}
            </span>
          )}
        </>
      }
    >
      <SplitMenu index={props.index} onClose={() => setOpen(false)} />
    </Pill>
  );
}

/** `top 50 by flows`, `by hour`. */
function How(props: { readonly split: SplitChoice }): ReactNode {
  const { view, schema, range } = useExplorer();
  const { split } = props;
  const bucket = bucketFor(split, range);
  if (bucket?.kind === 'time') return `by ${durationName(bucket.duration)}`;
  const sort = split.sort ?? defaultSort(split.field, view);
  const by =
    sort.by === split.field
      ? 'by value'
      : `by ${orderName(sort.by, (name) => schema.measure(name).label.toLowerCase())}`;
  const steps = bucket === null ? '' : `in ${bucket.width}s, `;
  const count =
    split.limit === null ? 'all' : sort.order === 'desc' ? `top ${split.limit}` : `first ${split.limit}`;
  return `${steps}${count} ${by}`;
}

/** What rows are in the order of: a measure, or its change. */
function orderName(by: string, labelOf: (name: MeasureName) => string): string {
  const key = parseSortKey(by);
  if (key === null) return by;
  const label = labelOf(key.measure);
  return key.of === 'value' ? label : `change of ${label}${key.of === 'change' ? ' in %' : ''}`;
}
