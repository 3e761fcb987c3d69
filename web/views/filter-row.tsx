import { type ReactNode, useRef, useState } from 'react';
import type { Clause } from '../../src/model/query/query.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { ClauseText } from '../menus/clause-text.tsx';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { FilterMenu } from '../menus/filter-menu.tsx';
import { plusIcon } from '../parts/icons.tsx';
import { Pill } from '../parts/pill.tsx';
import { Popup } from '../parts/popup.tsx';
import { addFilter, clearFilters, removeFilter, replaceFilter } from '../state/filters.ts';
import { TIME } from '../state/view.ts';

const WIDTH = 340;

export function FilterRow(props: {
  readonly draft: string | null;
  readonly onDraft: (field: string | null) => void;
}): ReactNode {
  const { view, schema, go } = useExplorer();
  const [adding, setAdding] = useState(false);
  const picked = useRef<string | null>(null);
  return (
    <>
      <div className="bar-row">
        {view.filters.map((clause, index) => (
          <FilterPill key={`${index} ${clause.field}`} clause={clause} index={index} />
        ))}
        {props.draft !== null && (
          <Pill
            key={`draft ${props.draft}`}
            kind="filter"
            label={`New filter: ${schema.dimension(props.draft).label}`}
            open
            onOpenChange={(open) => !open && props.onDraft(null)}
            width={WIDTH}
            text={<span>{schema.dimension(props.draft).label} …</span>}
          >
            <FilterMenu
              field={props.draft}
              clause={null}
              view={view}
              onCancel={() => props.onDraft(null)}
              onApply={(clause) => {
                props.onDraft(null);
                go(addFilter(view, clause));
              }}
            />
          </Pill>
        )}
        <Popup
          open={adding}
          onOpenChange={setAdding}
          label="Add a filter"
          width={240}
          onClosed={() => {
            // The filter's own menu takes the focus.
            const field = picked.current;
            picked.current = null;
            if (field !== null) props.onDraft(field);
            return field !== null;
          }}
          trigger={
            <button type="button" className="pill-add" title="Add a filter" aria-label="Add a filter">
              {plusIcon}
            </button>
          }
        >
          <DimensionPicker
            dimensions={schema.dimensions}
            without={[TIME]}
            onPick={(field) => {
              picked.current = field;
              setAdding(false);
            }}
          />
        </Popup>
      </div>
      <div className="bar-row bar-end">
        {view.filters.length > 0 && (
          <button type="button" className="link" onClick={() => go(clearFilters(view))}>
            Clear
          </button>
        )}
      </div>
    </>
  );
}

function FilterPill(props: { readonly clause: Clause; readonly index: number }): ReactNode {
  const { view, schema, go } = useExplorer();
  const [open, setOpen] = useState(false);
  return (
    <Pill
      kind="filter"
      label={`Filter: ${schema.dimension(props.clause.field).label}`}
      open={open}
      onOpenChange={setOpen}
      onRemove={() => go(removeFilter(view, props.index))}
      width={WIDTH}
      text={<ClauseText clause={props.clause} />}
    >
      <FilterMenu
        field={props.clause.field}
        clause={props.clause}
        view={removeFilter(view, props.index)}
        onCancel={() => setOpen(false)}
        onApply={(clause) => {
          setOpen(false);
          go(replaceFilter(view, props.index, clause));
        }}
      />
    </Pill>
  );
}
