import { DropdownMenu } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import type { Dimension } from '../data/use-schema.ts';
import { filterIcon, pinIcon, splitIcon } from '../parts/icons.tsx';
import { drop } from '../state/drop.ts';
import { pin, unpin } from '../state/pins.ts';
import { addSplit, insertSplit, isAmount, splitOnly } from '../../src/view/splits.ts';
import { TIME } from '../../src/view/view.ts';

/**
 * A dimension's name, and the menu that a click on it opens. The menu hangs on an anchor of its own: its
 * usual trigger would open it on the press, before it is known whether a drag begins.
 */
export function DimensionMenu(props: {
  readonly dimension: Dimension;
  readonly title: string;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  // There are dozens of dimensions: a menu is made when it is first wanted.
  const [made, setMade] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="dim-name ellipsis"
        aria-haspopup="menu"
        aria-expanded={open}
        title={props.title}
        onClick={() => {
          setMade(true);
          setOpen(!open);
        }}
        onKeyDown={props.onKeyDown}
      >
        {props.dimension.label}
      </button>
      {made && <Menu dimension={props.dimension} button={button} open={open} onOpenChange={setOpen} />}
    </>
  );
}

function Menu(props: {
  readonly dimension: Dimension;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}): ReactNode {
  const { view, schema, go, act, openFilter } = useExplorer();
  const wantsFilter = useRef(false);
  const { button } = props;
  const { name, label, logged } = props.dimension;
  const isSplit = view.splits.some((split) => split.field === name);
  const pinned = view.pins.includes(name);
  return (
    <DropdownMenu.Root modal={false} open={props.open} onOpenChange={props.onOpenChange}>
      <DropdownMenu.Trigger asChild>
        <span className="dim-anchor" aria-hidden="true" role="presentation" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          sideOffset={2}
          collisionPadding={8}
          aria-label={label}
          onPointerDownOutside={(event) => {
            // The press that opened it is followed by a click that closes it.
            if (event.target instanceof Node && button.current?.contains(event.target))
              event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!wantsFilter.current) {
              button.current?.focus();
              return;
            }
            // The filter's own menu takes the focus.
            wantsFilter.current = false;
            openFilter(name);
          }}
        >
          {!logged && (
            <div className="menu-note">These logs don’t have this field: all flows have “none”.</div>
          )}
          {name !== TIME && (
            <DropdownMenu.Item className="menu-item" onSelect={() => (wantsFilter.current = true)}>
              {filterIcon} Filter…
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item className="menu-item" onSelect={() => go(splitOnly(view, name))}>
            {splitIcon} Split
          </DropdownMenu.Item>
          {view.splits.length > 0 && !isSplit && (
            <>
              <DropdownMenu.Item className="menu-item" onSelect={() => go(addSplit(view, name))}>
                {splitIcon} Add split
              </DropdownMenu.Item>
              {view.splits.map((split, index) => (
                <DropdownMenu.Item
                  key={split.field}
                  className="menu-item"
                  onSelect={() => go(insertSplit(view, name, index))}
                >
                  {splitIcon} Split before {schema.dimension(split.field).label}
                </DropdownMenu.Item>
              ))}
              {view.splits.length > 1 &&
                view.splits.map((split, index) => (
                  <DropdownMenu.Item
                    key={split.field}
                    className="menu-item"
                    onSelect={() =>
                      act(
                        drop(
                          view,
                          { kind: 'dimension', field: name },
                          { kind: 'splits', place: { kind: 'over', index } },
                        ),
                      )
                    }
                  >
                    {splitIcon} Replace {schema.dimension(split.field).label}
                  </DropdownMenu.Item>
                ))}
            </>
          )}
          {name !== TIME && !isAmount(name) && (
            <DropdownMenu.Item
              className="menu-item"
              onSelect={() => go(pinned ? unpin(view, name) : pin(view, name))}
            >
              {pinIcon} {pinned ? 'Unpin' : 'Pin'}
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
