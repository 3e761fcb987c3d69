import { type ReactNode, useState } from 'react';
import { DASHBOARDS, navigate } from '../data/location.ts';
import { type DashboardDocument, useDashboardActions } from '../data/use-dashboards.ts';
import { DocumentProblems } from '../parts/document-origin.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { useTitle } from '../parts/use-title.ts';
import { documentIdOf } from '../state/kept-views.ts';

/** All dashboards, and a button for a new one. */
export function DashboardList(props: {
  readonly dashboards: readonly DashboardDocument[];
  /** The id in a link to a dashboard that does not exist; null: the list was requested. */
  readonly missing: string | null;
  /** One that was just deleted, and can be put back; null: none. */
  readonly removed: DashboardDocument | null;
  readonly onPutBack: () => void;
  readonly readOnly: boolean;
}): ReactNode {
  const { put } = useDashboardActions();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  useTitle('Dashboards');
  const { removed } = props;
  const putBack = async (document: DashboardDocument): Promise<void> => {
    try {
      await put(document.id, null, document.content);
      props.onPutBack();
    } catch (refused) {
      setProblem((refused as Error).message);
    }
  };
  const make = async (): Promise<void> => {
    const id = documentIdOf(name, props.dashboards);
    try {
      await put(id, null, { name: name.trim(), description: '', link: '?v=1', variables: [], tiles: [] });
      navigate(`${DASHBOARDS}/${id}`);
    } catch (refused) {
      setProblem((refused as Error).message);
    }
  };
  return (
    <main className="page page-column boards">
      <header className="page-head">
        <h1>Dashboards</h1>
        {!props.readOnly && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() !== '') void make();
            }}
          >
            <input
              className="input"
              placeholder="Name of a new dashboard"
              aria-label="Name of a new dashboard"
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="button button-main" disabled={name.trim() === ''}>
              New dashboard
            </button>
          </form>
        )}
      </header>
      {removed !== null && (
        <p className="page-removed" role="status">
          {removed.content.name} is deleted.
          <button type="button" className="button" onClick={() => void putBack(removed)}>
            Undo
          </button>
        </p>
      )}
      {(problem !== null || props.missing !== null) && (
        <p className="hint hint-bad" role="alert">
          {problem ?? `There is no dashboard “${props.missing}” (any more).`}
        </p>
      )}
      <DocumentProblems kinds={['dashboards']} />
      <ul className="boards-list">
        {props.dashboards
          .toSorted((a, b) => a.content.name.localeCompare(b.content.name, 'en'))
          .map(({ id, content, original }) => (
            <li key={id}>
              <InnerLink to={`${DASHBOARDS}/${id}`} className="boards-item">
                <b>{content.name}</b>
                <span>{content.description}</span>
                <small>{originText(original)}</small>
              </InnerLink>
            </li>
          ))}
      </ul>
    </main>
  );
}

function originText(original: DashboardDocument['original']): string {
  if (original === null) return '';
  const from = original.from === 'file' ? `from ${original.file}` : 'ready-made';
  return original.changed ? `${from}, changed` : from;
}
