import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import type { Dimension } from '../data/schema.ts';
import { byGroup } from '../menus/dimension-picker.tsx';
import { filterIcon, splitIcon } from '../parts/icons.tsx';
import { addSplit, insertSplit, splitOnly } from '../state/splits.ts';
import { TIME } from '../state/view.ts';
import './dimension-list.css';

/** What the flows can be filtered and split by. Dimensions that no log has are found only by searching. */
export function DimensionList(): ReactNode {
  const { schema } = useExplorer();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const shown = byGroup(schema.dimensions).filter((each) =>
    wanted === ''
      ? each.logged
      : each.label.toLowerCase().includes(wanted) ||
        each.name.replaceAll('_', '-').includes(wanted.replaceAll('_', '-')),
  );
  const groups = [...new Set(shown.map((each) => each.group))];
  return (
    <aside className="side" aria-label="Dimensions">
      <div className="side-find">
        <input
          className="input"
          type="search"
          placeholder="Find a dimension"
          aria-label="Find a dimension"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setText('')}
        />
      </div>
      <div className="side-list">
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h2 className="side-group">{group}</h2>
            {shown
              .filter((each) => each.group === group)
              .map((each) => (
                <Row key={each.name} dimension={each} />
              ))}
          </section>
        ))}
        {shown.length === 0 && <p className="side-none">No dimension is called that.</p>}
      </div>
    </aside>
  );
}

function Row(props: { readonly dimension: Dimension }): ReactNode {
  const { view, go } = useExplorer();
  const { name, label, logged, description } = props.dimension;
  const isSplit = view.splits.some((split) => split.field === name);
  const isFiltered = view.filters.some((clause) => clause.field === name);
  return (
    <div className={`dim${isSplit ? ' dim-used' : ''}${logged ? '' : ' dim-absent'}`}>
      <DimensionMenu dimension={props.dimension}>
        <button
          type="button"
          className="dim-name ellipsis"
          title={logged ? description : `${description}. Not in these logs.`}
        >
          {label}
        </button>
      </DimensionMenu>
      <button
        type="button"
        className="dim-quick"
        tabIndex={-1}
        title={`Split by ${label}`}
        aria-label={`Split by ${label}`}
        onClick={() => go(splitOnly(view, name))}
      >
        {splitIcon}
      </button>
      {isFiltered && <span className="dim-mark" title="Filtered" />}
    </div>
  );
}

function DimensionMenu(props: { readonly dimension: Dimension; readonly children: ReactNode }): ReactNode {
  const { view, schema, go, openFilter } = useExplorer();
  const wantsFilter = useRef(false);
  const { name, logged } = props.dimension;
  const first = view.splits[0];
  const isSplit = view.splits.some((split) => split.field === name);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{props.children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            // The filter's own menu takes the focus.
            if (!wantsFilter.current) return;
            event.preventDefault();
            wantsFilter.current = false;
            openFilter(name);
          }}
        >
          {!logged && <div className="menu-note">These logs don’t have it: every flow will say “none”.</div>}
          {name !== TIME && (
            <DropdownMenu.Item className="menu-item" onSelect={() => (wantsFilter.current = true)}>
              {filterIcon} Filter…
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item className="menu-item" onSelect={() => go(splitOnly(view, name))}>
            {splitIcon} Split
          </DropdownMenu.Item>
          {first !== undefined && !isSplit && (
            <>
              <DropdownMenu.Item className="menu-item" onSelect={() => go(addSplit(view, name))}>
                {splitIcon} Add split
              </DropdownMenu.Item>
              <DropdownMenu.Item className="menu-item" onSelect={() => go(insertSplit(view, name, 0))}>
                {splitIcon} Split before {schema.dimension(first.field).label}
              </DropdownMenu.Item>
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
