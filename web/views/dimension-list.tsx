import {
  type KeyboardEvent,
  type ReactNode,
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useFieldsInSight } from '../charts/use-fields-in-sight.ts';
import { useExplorer, useExplorerNow } from '../data/explorer-context.ts';
import type { Dimension } from '../data/use-schema.ts';
import { useValueCounts } from '../data/use-value-counts.ts';
import { counted, formatShort } from '../../src/view/format/numbers.ts';
import { useDrag } from '../gestures/use-drag.ts';
import { byGroup } from '../menus/dimension-picker.tsx';
import { splitIcon } from '../parts/icons.tsx';
import { keyed } from '../state/drop.ts';
import { toggleMeasure } from '../state/view-measures.ts';
import { splitOnly } from '../../src/view/splits.ts';
import { DimensionMenu } from './dimension-menu.tsx';
import './dimension-list.css';

/** What the flows can be filtered, split and measured by. What no log has is found only by searching. */
export const DimensionList = memo(function DimensionList(): ReactNode {
  const { schema, view, askable } = useExplorer();
  const [text, setText] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const wanted = text.trim().toLowerCase();
  const named = (each: { readonly name: string; readonly label: string }): boolean =>
    each.label.toLowerCase().includes(wanted) ||
    each.name.replaceAll('_', '-').includes(wanted.replaceAll('_', '-'));
  const shown = byGroup(schema.dimensions).filter((each) => (wanted === '' ? each.logged : named(each)));
  const measures = schema.measures.filter(named);
  const groups = [...new Set(shown.map((each) => each.group))];
  const open = (group: string): boolean => wanted !== '' || !folded.has(group);
  const list = useRef<HTMLDivElement>(null);
  const rows = shown.flatMap(({ name, group }) => (open(group) ? name : [])).join(' ');
  const inSight = useFieldsInSight(list, rows);
  const countable = useMemo(
    () =>
      schema.dimensions.flatMap(({ name, type, logged }) =>
        logged && isCountable(type) && inSight.has(name) ? name : [],
      ),
    [schema.dimensions, inSight],
  );
  const counts = useValueCounts(view, countable, schema, askable);
  const wantCount = useRef(counts.want);
  useEffect(() => {
    wantCount.current = counts.want;
  });
  const look = useCallback((field: string) => wantCount.current(field), []);
  const fold = (group: string): void =>
    setFolded((now) => {
      const next = new Set(now);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  return (
    <aside className="side" aria-label="Dimensions and measures">
      <div className="side-find">
        <input
          className="input"
          type="search"
          placeholder="Find a dimension"
          aria-label="Find a dimension or measure"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setText('');
            if (event.key === 'ArrowDown') focusRow(event, 1);
          }}
        />
      </div>
      <div ref={list} className="side-list">
        {groups.map((group) => (
          <Group key={group} name={group} open={open(group)} onFold={() => fold(group)}>
            {shown
              .filter((each) => each.group === group)
              .map((each) => (
                <Row
                  key={each.name}
                  dimension={each}
                  count={each.logged && isCountable(each.type) ? counts.of(each.name) : undefined}
                  isSplit={view.splits.some((split) => split.field === each.name)}
                  isFiltered={view.filters.some((clause) => clause.field === each.name)}
                  onLook={look}
                />
              ))}
          </Group>
        ))}
        {measures.length > 0 && (
          <Group name="Measures" open={open('Measures')} onFold={() => fold('Measures')}>
            {measures.map((each) => (
              <MeasureRow
                key={each.name}
                name={each.name}
                label={each.label}
                about={each.description}
                on={view.measures.includes(each.name)}
              />
            ))}
          </Group>
        )}
        {shown.length + measures.length === 0 && <p className="side-none">No matches</p>}
      </div>
    </aside>
  );
});

function Group(props: {
  readonly name: string;
  readonly open: boolean;
  readonly onFold: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section aria-label={`Dimensions: ${props.name}`}>
      <h2 className="side-group">
        <button type="button" aria-expanded={props.open} onClick={props.onFold}>
          {props.name}
        </button>
      </h2>
      {props.open && props.children}
    </section>
  );
}

/** Times and amounts have about as many values as there are flows: their number says nothing. */
function isCountable(type: string): boolean {
  return type !== 'time' && type !== 'counter';
}

/** Drawn again only when something about this dimension changes: there are dozens of them. */
const Row = memo(function Row(props: {
  readonly dimension: Dimension;
  /** How many values it has; undefined: not counted yet. */
  readonly count: number | undefined;
  readonly isSplit: boolean;
  readonly isFiltered: boolean;
  readonly onLook: (field: string) => void;
}): ReactNode {
  const explorer = useExplorerNow();
  const element = useRef<HTMLDivElement>(null);
  const { name, label, type, logged, description } = props.dimension;
  const away = useDrag(element, { kind: 'dimension', field: name }, label);
  const look = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Nothing to be found by it: an address whose operator nobody knows, say.
  const empty = props.count === 0;
  const { isSplit, isFiltered } = props;
  const wantCount = (): void => {
    if (logged && isCountable(type)) props.onLook(name);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      focusRow(event, event.key === 'ArrowDown' ? 1 : -1);
      return;
    }
    const { view, act } = explorer();
    const drop = keyed(view, name, event.key);
    if (drop === null) return;
    event.preventDefault();
    act(drop);
  };
  return (
    <div
      ref={element}
      data-field={name}
      className={`dim${isSplit ? ' dim-used' : ''}${logged && !empty ? '' : ' dim-absent'}${away ? ' dragging' : ''}`}
      onPointerEnter={() => {
        look.current = setTimeout(wantCount, 250);
      }}
      onPointerLeave={() => clearTimeout(look.current)}
      onFocus={wantCount}
    >
      <DimensionMenu
        dimension={props.dimension}
        title={`${description}${logged ? (empty ? '. No values in this view.' : '') : '. Not in these logs.'}`}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        className="dim-quick"
        tabIndex={-1}
        title={`Split by ${label}`}
        aria-label={`Split by ${label}`}
        onClick={() => {
          const { view, go } = explorer();
          go(splitOnly(view, name));
        }}
      >
        {splitIcon}
      </button>
      {props.count !== undefined && (
        <span
          className="dim-count"
          title={`${counted(props.count, 'value')} in this time range with these filters`}
        >
          {formatShort(props.count, 'count')}
        </span>
      )}
      {isFiltered && <span className="dim-mark" title="Filtered" />}
    </div>
  );
});

const MeasureRow = memo(function MeasureRow(props: {
  readonly name: Parameters<typeof toggleMeasure>[1];
  readonly label: string;
  readonly about: string;
  /** Whether the view has it. */
  readonly on: boolean;
}): ReactNode {
  const explorer = useExplorerNow();
  return (
    <div className="dim">
      <button
        type="button"
        className="dim-name dim-measure ellipsis"
        aria-pressed={props.on}
        title={props.about}
        onClick={() => {
          const { view, go } = explorer();
          go(toggleMeasure(view, props.name));
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
            focusRow(event, event.key === 'ArrowDown' ? 1 : -1);
        }}
      >
        <span className="dim-check" />
        {props.label}
      </button>
    </div>
  );
});

/** Moves the focus to the next row of the list, or the one before. */
function focusRow(event: KeyboardEvent<HTMLElement>, by: 1 | -1): void {
  const rows = [
    ...(event.currentTarget.closest('.side')?.querySelectorAll<HTMLElement>('.side-find input, .dim-name') ??
      []),
  ];
  const next = rows[rows.indexOf(event.currentTarget) + by];
  event.preventDefault();
  next?.focus();
}
