import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { newAlertPath } from '../alerts/draft-from-link.ts';
import { navigate } from '../data/location.ts';
import { useSavedViews } from '../data/use-saved-views.ts';
import { copyText } from '../parts/clipboard.ts';
import { crossIcon, linkIcon, pencilIcon } from '../parts/icons.tsx';
import type { KeptView } from '../state/kept-views.ts';
import { queryOf } from '../../src/view/to-query.ts';
import { indexOfName } from '../state/saved-views.ts';
import './views-menu.css';
import { SmallProblem } from '../parts/small-problem.tsx';

/** Saves the current view under a name, and lists saved views: open, rename, share, delete. */
export function ViewsMenu(props: { readonly onClose: () => void }): ReactNode {
  const { link, open, notify, schema, view, range } = useExplorer();
  const { readOnly } = schema;
  const { views: kept, error, save, rename, remove, restore } = useSavedViews(readOnly, notify);
  const views = kept ?? [];
  const [name, setName] = useState('');
  const [renaming, setRenaming] = useState<string | null>(null);
  const [removed, setRemoved] = useState<KeptView | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const taken = indexOfName(views, name) >= 0;
  return (
    <div className="views">
      {!readOnly && (
        <form
          className="views-save"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            save({ name: name.trim(), link }, taken);
            setName('');
            setRemoved(null);
          }}
        >
          <input
            className="input"
            data-focus-first=""
            placeholder="View name"
            aria-label="View name"
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === 'ArrowDown' && focusView(event, list.current, 0)}
          />
          <button type="submit" className="button button-main" disabled={name.trim() === ''}>
            {taken ? 'Replace' : 'Save'}
          </button>
        </form>
      )}
      {error !== null && <SmallProblem error={error} />}
      {views.length > 0 && (
        <ul ref={list} className="views-list" aria-label="Saved views">
          {views.map((view, at) => (
            <li key={view.id} className={`views-item${view.link === link ? ' views-now' : ''}`}>
              {renaming === view.id ? (
                <Rename
                  name={view.name}
                  onDone={(other) => {
                    setRenaming(null);
                    if (other !== null) rename(view, other);
                    focusSoon(list, at);
                  }}
                  isTaken={(other) => ![-1, at].includes(indexOfName(views, other))}
                />
              ) : (
                <>
                  <button
                    type="button"
                    className="views-open ellipsis"
                    title={
                      view.original?.file == null ? view.name : `${view.name}, from ${view.original.file}`
                    }
                    aria-current={view.link === link}
                    onClick={() => {
                      props.onClose();
                      open(view.link);
                    }}
                    onKeyDown={(event) => {
                      if (event.key === 'ArrowDown') focusView(event, list.current, at + 1);
                      else if (event.key === 'ArrowUp') focusView(event, list.current, at - 1);
                    }}
                  >
                    {view.name}
                  </button>
                  {!readOnly && (
                    <button
                      type="button"
                      className="views-tool"
                      title="Rename"
                      aria-label={`Rename ${view.name}`}
                      onClick={() => setRenaming(view.id)}
                    >
                      {pencilIcon}
                    </button>
                  )}
                  <button
                    type="button"
                    className="views-tool"
                    title="Copy link"
                    aria-label={`Copy the link of ${view.name}`}
                    onClick={() => {
                      const whole = new URL(view.link, window.location.href).href;
                      void copyText(whole).then((done) => notify(done ? 'Link copied' : whole));
                    }}
                  >
                    {linkIcon}
                  </button>
                  {!readOnly && (view.original === null || view.original.changed) && (
                    <button
                      type="button"
                      className="views-tool"
                      title={view.original === null ? 'Delete' : 'Reset to the file'}
                      aria-label={`${view.original === null ? 'Delete' : 'Reset to the file:'} ${view.name}`}
                      onClick={() => {
                        if (view.original === null) setRemoved(view);
                        remove(view);
                        focusSoon(list, at);
                      }}
                    >
                      {crossIcon}
                    </button>
                  )}
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {removed !== null && (
        <p className="views-removed" role="status">
          <span className="ellipsis">{removed.name} is deleted.</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              restore(removed);
              setRemoved(null);
            }}
          >
            Undo
          </button>
        </p>
      )}
      {!readOnly && (
        <button
          type="button"
          className="button views-alert"
          onClick={() => {
            props.onClose();
            navigate(newAlertPath(queryOf(view, range)));
          }}
        >
          New alert on this view…
        </button>
      )}
      <p className="views-note hint">
        {readOnly
          ? 'This store is read-only: views can’t be saved.'
          : 'Saved views are in the store, for all its users. “Latest” time ranges stay relative to the newest flow.'}
      </p>
    </div>
  );
}

/** A name being edited: Enter saves, Escape cancels. */
function Rename(props: {
  readonly name: string;
  /** Null: unchanged. */
  readonly onDone: (name: string | null) => void;
  readonly isTaken: (name: string) => boolean;
}): ReactNode {
  const [name, setName] = useState(props.name);
  const taken = props.isTaken(name);
  return (
    <input
      className={`input views-rename${taken ? ' input-bad' : ''}`}
      aria-label={`New name of ${props.name}`}
      aria-invalid={taken}
      title={taken ? 'This name is already used' : undefined}
      autoFocus
      maxLength={120}
      value={name}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setName(event.target.value)}
      onBlur={() => props.onDone(null)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Escape') props.onDone(null);
        else if (!taken && name.trim() !== '') props.onDone(name.trim());
      }}
    />
  );
}

function focusView(event: KeyboardEvent, list: Element | null, at: number): void {
  event.preventDefault();
  const buttons = [...(list?.querySelectorAll<HTMLElement>('.views-open') ?? [])];
  const search = list?.parentElement?.querySelector<HTMLElement>('.views-save input');
  (at < 0 ? search : buttons[Math.min(at, buttons.length - 1)])?.focus();
}

/** After the list is rendered again, so that the focus is not lost. */
function focusSoon(list: { readonly current: Element | null }, at: number): void {
  requestAnimationFrame(() => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('.views-open') ?? [])];
    buttons[Math.min(at, buttons.length - 1)]?.focus();
  });
}
