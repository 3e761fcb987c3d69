import { type ReactNode, useRef, useState } from 'react';
import { isMeasureName } from '../../src/model/catalog/measure-expression.ts';
import type { Clause, Having } from '../../src/model/query/query.ts';
import { type Pending, useExplorer } from '../data/explorer-context.ts';
import { DropMark } from '../gestures/drop-mark.tsx';
import { useDrop } from '../gestures/use-drop.ts';
import { ClauseText } from '../menus/clause-text.tsx';
import { FilterMenu } from '../menus/filter-menu.tsx';
import { FilterPicker } from '../menus/filter-picker.tsx';
import { HavingMenu, HavingText } from '../menus/having-menu.tsx';
import { plusIcon, splitIcon } from '../parts/icons.tsx';
import { focusPillIfLost } from '../parts/pill-focus.ts';
import { Pill } from '../parts/pill.tsx';
import { Popup } from '../parts/popup.tsx';
import { type Dragged, drop } from '../state/drop.ts';
import { addFilter, clearFilters, moveFilter, removeFilter, replaceFilter } from '../../src/view/filters.ts';
import { setHaving } from '../../src/view/having.ts';
import { isWhole } from '../../src/view/view.ts';

const WIDTH = 340;
const NARROW = 280;

/** Which flows: a pill for each filter, then one for each condition on a measure. */
export function FilterRow(): ReactNode {
  const { view, go, pending, setPending, menu, setMenu } = useExplorer();
  const picked = useRef<string | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const hovering = useDrop(row, 'filters');
  const filtered = view.filters.length + view.having.length > 0;
  return (
    <div className="question-line">
      <div ref={row} className={`bar-row drop-row${hovering ? ' drop-row-on' : ''}`}>
        <DropMark hovering={hovering} />
        {view.filters.map((clause, index) => (
          <FilterPill key={`${index} ${clause.field}`} clause={clause} index={index} />
        ))}
        {view.having.map((condition) => (
          <HavingPill key={condition.measure} condition={condition} />
        ))}
        {pending !== null && (
          <PendingPill
            pending={pending}
            onClosed={(at) => row.current !== null && focusPillIfLost(row.current, at)}
          />
        )}
        <Popup
          open={menu === 'filter'}
          onOpenChange={(open) => setMenu(open ? 'filter' : null)}
          label="Add a filter"
          width={240}
          onClosed={() => {
            // The filter's own menu takes the focus.
            const key = picked.current;
            picked.current = null;
            if (key !== null) setPending(pendingOf(key, view));
            return key !== null;
          }}
          trigger={
            <button type="button" className="pill-add" title="Add a filter" aria-label="Add a filter">
              {plusIcon}
            </button>
          }
        >
          <FilterPicker
            onPick={(key) => {
              picked.current = key;
              setMenu(null);
            }}
          />
        </Popup>
        {isWhole(view) && pending === null && (
          <span className="bar-hint">All flows. Click a value below to keep only its flows.</span>
        )}
      </div>
      <div className="bar-row bar-end">
        {filtered && (
          <button type="button" className="link" onClick={() => go(clearFilters(view))}>
            Clear
          </button>
        )}
      </div>
    </div>
  );
}

/** `measure:flows` or a field's name. */
function pendingOf(key: string, view: Parameters<typeof addFilter>[0]): Pending {
  const name = key.startsWith('measure:') ? key.slice(8) : '';
  return isMeasureName(name)
    ? { kind: 'measure', measure: name }
    : { kind: 'field', field: key, leaves: view };
}

/** A filter that is being made. `onClosed`: its pill is gone, and the focus belongs on the one at this place. */
function PendingPill(props: {
  readonly pending: Pending;
  readonly onClosed: (at: number) => void;
}): ReactNode {
  const { view, schema, go, setPending } = useExplorer();
  const { pending } = props;
  const label =
    pending.kind === 'field' ? schema.dimension(pending.field).label : schema.measure(pending.measure).label;
  const close = (made = false): void => {
    setPending(null);
    // The one that was made stands behind the others of its kind; without one, the button that adds.
    if (!made) props.onClosed(Infinity);
    else if (pending.kind === 'field') props.onClosed(view.filters.length);
    else props.onClosed(view.filters.length + view.having.length);
  };
  return (
    <Pill
      key={label}
      kind="filter"
      label={`New filter: ${label}`}
      open
      onOpenChange={(open) => !open && close()}
      width={pending.kind === 'field' ? WIDTH : NARROW}
      text={<span>{label} …</span>}
    >
      {pending.kind === 'field' ? (
        <FilterMenu
          field={pending.field}
          clause={null}
          view={pending.leaves}
          onCancel={() => close()}
          onApply={(clause) => {
            close(true);
            go(addFilter(pending.leaves, clause));
          }}
        />
      ) : (
        <HavingMenu
          measure={pending.measure}
          condition={null}
          onCancel={() => close()}
          onApply={(condition) => {
            close(true);
            go(setHaving(view, pending.measure, condition));
          }}
        />
      )}
    </Pill>
  );
}

function FilterPill(props: { readonly clause: Clause; readonly index: number }): ReactNode {
  const { view, schema, go, act } = useExplorer();
  const [open, setOpen] = useState(false);
  const { clause, index } = props;
  const dragged: Dragged = { kind: 'filter', field: clause.field, index };
  return (
    <Pill
      kind="filter"
      label={`Filter: ${schema.dimension(clause.field).label}`}
      open={open}
      onOpenChange={setOpen}
      onRemove={() => go(removeFilter(view, index))}
      dragged={dragged}
      onMove={(way) => {
        if (way === 'left') go(moveFilter(view, index, index - 1));
        else if (way === 'right') go(moveFilter(view, index, index + 2));
        else if (way === 'down')
          act(drop(view, dragged, { kind: 'splits', place: { kind: 'before', index: view.splits.length } }));
      }}
      width={WIDTH}
      text={
        <>
          <ClauseText clause={clause} />
          {view.splits.some((split) => split.field === clause.field) && (
            <span className="pill-also" title={`${schema.dimension(clause.field).label} is also a split`}>
              {splitIcon}
            </span>
          )}
        </>
      }
    >
      <FilterMenu
        field={clause.field}
        clause={clause}
        view={removeFilter(view, index)}
        onCancel={() => setOpen(false)}
        onApply={(changed) => {
          setOpen(false);
          go(replaceFilter(view, index, changed));
        }}
      />
    </Pill>
  );
}

function HavingPill(props: { readonly condition: Having }): ReactNode {
  const { view, schema, go } = useExplorer();
  const [open, setOpen] = useState(false);
  const { condition } = props;
  return (
    <Pill
      kind="filter"
      label={`Rows by ${schema.measure(condition.measure).label}`}
      open={open}
      onOpenChange={setOpen}
      onRemove={() => go(setHaving(view, condition.measure, null))}
      width={NARROW}
      text={<HavingText condition={condition} />}
    >
      <HavingMenu
        measure={condition.measure}
        condition={condition}
        onCancel={() => setOpen(false)}
        onApply={(changed) => {
          setOpen(false);
          go(setHaving(view, condition.measure, changed));
        }}
      />
    </Pill>
  );
}
