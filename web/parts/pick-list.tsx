import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import './controls.css';
import './pick-list.css';

export interface PickItem {
  readonly key: string;
  readonly label: string;
  readonly group?: string;
  readonly note?: string;
  readonly hint?: string;
  readonly chosen?: boolean;
}

/** A searchable list to pick from, with the mouse or the arrow keys. Items are grouped. */
export function PickList(props: {
  readonly placeholder: string;
  readonly items: readonly PickItem[];
  readonly onPick: (key: string) => void;
  readonly none?: string;
  /** Additional items for a search text, after the matching ones. */
  readonly more?: (text: string) => readonly PickItem[];
}): ReactNode {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const wanted = text.trim().toLowerCase();
  const found = props.items.filter((item) =>
    [item.label, item.key].some((each) => each.toLowerCase().includes(wanted)),
  );
  const keys = new Set(found.map((item) => item.key));
  const more = wanted === '' ? [] : (props.more?.(wanted) ?? []).filter((item) => !keys.has(item.key));
  const shown = [...found, ...more];
  const active = Math.min(at, shown.length - 1);

  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${active}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(Math.max(0, Math.min(shown.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const item = shown[active];
      if (item !== undefined) props.onPick(item.key);
    }
  };

  return (
    <div className="pick">
      <div className="pick-search">
        <input
          className="input"
          data-focus-first=""
          placeholder={props.placeholder}
          aria-label={props.placeholder}
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="pick-list" role="listbox" id={id} ref={list}>
        {shown.map((item, index) => (
          <div key={item.key} role="presentation">
            {item.group !== undefined && item.group !== shown[index - 1]?.group && (
              <div className="pick-group">{item.group}</div>
            )}
            <div
              role="option"
              id={`${id}-${index}`}
              aria-selected={item.chosen ?? false}
              className={`pick-item${index === active ? ' pick-active' : ''}${item.chosen ? ' pick-chosen' : ''}`}
              title={item.hint}
              onMouseMove={() => index !== active && setAt(index)}
              onClick={() => props.onPick(item.key)}
            >
              <span className="ellipsis">{item.label}</span>
              {item.note !== undefined && <span className="pick-note">{item.note}</span>}
            </div>
          </div>
        ))}
      </div>
      {shown.length === 0 && <div className="pick-none">{props.none ?? 'No matches'}</div>}
    </div>
  );
}
