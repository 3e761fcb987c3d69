import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { DASHBOARDS, navigate, useSearch } from '../data/location.ts';
import { Problem } from '../data/request-problem.ts';
import { type DashboardDocument, useDashboardActions } from '../data/use-dashboards.ts';
import { copyText } from '../parts/clipboard.ts';
import { DocumentOrigin } from '../parts/document-origin.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { tileRowsIn } from '../../src/view/dashboard-view.ts';
import { documentIdOf } from '../state/kept-views.ts';
import { AddTile } from './add-tile.tsx';
import type { Editing } from './use-editing.ts';

/** The name of a dashboard and what can be done with it. */
export function DashboardHead(props: {
  readonly document: DashboardDocument;
  readonly dashboards: readonly DashboardDocument[];
  readonly editing: Editing;
  /** Whether another time or filter is shown than the dashboard opens with. */
  readonly changedView: boolean;
  readonly onReset: () => void;
  readonly onRemoved: (document: DashboardDocument) => void;
}): ReactNode {
  const { document, editing } = props;
  const { schema, view, link, notify } = useExplorer();
  const search = useSearch();
  const { put, remove, reload } = useDashboardActions();
  const [conflict, setConflict] = useState<DashboardDocument | 'gone' | null>(null);
  const { draft } = editing;
  const { original, changed_at: saved } = document;
  const attempt = (work: Promise<unknown>): void =>
    void work.catch((refused: Error) => notify(refused.message));
  const save = async (version: number | null): Promise<void> => {
    if (draft === null) return;
    try {
      await put(document.id, version, draft);
      setConflict(null);
      editing.end();
    } catch (refused) {
      if (!(refused instanceof Problem) || refused.code !== 'other_version') throw refused;
      const now = await reload();
      setConflict(now.find(({ id }) => id === document.id) ?? 'gone');
    }
  };
  const saveCopy = async (): Promise<void> => {
    if (draft === null) return;
    const name = `${draft.name} (copy)`;
    const id = documentIdOf(name, props.dashboards);
    await put(id, null, { ...draft, name });
    navigate(`${DASHBOARDS}/${id}`);
  };
  return (
    <>
      <header className="page-head">
        <div className="board-name">
          <InnerLink to={DASHBOARDS} className="link">
            Dashboards
          </InnerLink>
          <h1 className={draft === null ? undefined : 'visually-hidden'}>{document.content.name}</h1>
          {draft !== null && (
            <input
              className="input"
              aria-label="Name"
              maxLength={120}
              value={draft.name}
              onChange={(event) => editing.change({ name: event.target.value })}
            />
          )}
          {draft === null && <p>{document.content.description}</p>}
          {draft === null && (
            <DocumentOrigin
              kind="dashboards"
              document={document}
              readOnly={schema.readOnly}
              timezone={view.timezone}
              onRestore={() => attempt(remove(document.id, document.version))}
              onPut={(earlier) => attempt(put(document.id, document.version, earlier))}
            />
          )}
        </div>
        <div className="board-tools">
          {draft === null ? (
            <>
              {props.changedView && (
                <button type="button" className="button" onClick={props.onReset}>
                  Reset time and filters
                </button>
              )}
              <button
                type="button"
                className="button"
                onClick={() => {
                  const whole = new URL(link + tileRowsIn(search, null), window.location.href).href;
                  void copyText(whole).then((done) => notify(done ? 'Link copied' : whole));
                }}
              >
                Copy link
              </button>
              <button
                type="button"
                className="button"
                onClick={() =>
                  attempt(
                    globalThis.document.fullscreenElement === null
                      ? globalThis.document.documentElement.requestFullscreen()
                      : globalThis.document.exitFullscreen(),
                  )
                }
              >
                Full screen
              </button>
              {!schema.readOnly && original === null && saved !== null && (
                <button
                  type="button"
                  className="button"
                  onClick={() =>
                    attempt(
                      remove(document.id, document.version).then(() => {
                        props.onRemoved(document);
                        navigate(DASHBOARDS);
                      }),
                    )
                  }
                >
                  Delete
                </button>
              )}
              {!schema.readOnly && (
                <button type="button" className="button button-main" onClick={editing.begin}>
                  Edit
                </button>
              )}
            </>
          ) : (
            <>
              <AddTile editing={editing} draft={draft} />
              {props.changedView && draft.link !== link && (
                <button type="button" className="button" onClick={() => editing.change({ link })}>
                  Open with this time and filters
                </button>
              )}
              <button type="button" className="button" disabled={!editing.canUndo} onClick={editing.undo}>
                Undo
              </button>
              <button
                type="button"
                className="button"
                onClick={() => {
                  setConflict(null);
                  editing.end();
                }}
              >
                Cancel
              </button>
              <button
                type="button"
                className="button button-main"
                disabled={draft.name.trim() === ''}
                onClick={() => attempt(save(editing.version))}
              >
                Save
              </button>
            </>
          )}
        </div>
      </header>
      {conflict !== null && (
        <p className="board-conflict" role="alert">
          {conflict === 'gone'
            ? 'Another user deleted this dashboard while you changed it. Your changes are not lost.'
            : `Another user saved this dashboard while you changed it (version ${conflict.version}). Your changes are not lost.`}
          <button
            type="button"
            className="button"
            onClick={() => attempt(save(conflict === 'gone' ? null : conflict.version))}
          >
            Save mine instead
          </button>
          <button type="button" className="button" onClick={() => attempt(saveCopy())}>
            Save mine as a copy
          </button>
          {conflict !== 'gone' && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setConflict(null);
                editing.end();
              }}
            >
              Take theirs
            </button>
          )}
        </p>
      )}
    </>
  );
}
