import { type ReactNode, useMemo, useState } from 'react';
import { ALERTS, navigate, useSearch } from '../data/location.ts';
import { type AlertDocument, useAlertActions, useAlerts, useChannels } from '../data/use-alerts.ts';
import type { Schema } from '../data/use-schema.ts';
import { unreadSchema } from '../data/unread-schema.ts';
import { DocumentProblems } from '../parts/document-origin.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { useToast } from '../parts/toast.tsx';
import { documentIdOf } from '../state/kept-views.ts';
import { StorePage } from '../views/store-page.tsx';
import { AlertCard } from './alert-card.tsx';
import { type AlertDraft, contentOf, draftOf, emptyDraft } from './alert-draft.ts';
import { AlertEditor } from './alert-editor.tsx';
import { draftFromLink } from './draft-from-link.ts';
import './alerts-page.css';

/** What is edited: an existing alert, or a new one. */
interface Editing {
  readonly document: AlertDocument | null;
  readonly draft: AlertDraft;
}

/** The alerts of the store, firing ones first. */
export function AlertsPage(props: {
  /** Null: not read yet. */
  readonly schema: Schema | null;
}): ReactNode {
  const schema = props.schema ?? unreadSchema;
  const { alerts, error, retry } = useAlerts();
  const channels = useChannels();
  const actions = useAlertActions();
  const search = useSearch();
  const linked = useMemo(() => draftFromLink(search), [search]);
  const [chosen, setEditing] = useState<Editing | null>(null);
  const [timezone, setTimezone] = useState(schema.timezone);
  const [removed, setRemoved] = useState<AlertDocument | null>(null);
  const [toast, notify] = useToast();
  const editing = chosen ?? (linked === null ? null : { document: null, draft: linked });
  const close = (): void => {
    setEditing(null);
    if (search !== '') navigate(ALERTS, 'replace');
  };
  const attempt = (work: Promise<void>): void => void work.catch((problem: Error) => notify(problem.message));
  const sorted = alerts?.toSorted(
    (a, b) =>
      rankOf(a.status?.state) - rankOf(b.status?.state) ||
      a.document.content.name.localeCompare(b.document.content.name, 'en'),
  );
  return (
    <StorePage
      schema={props.schema}
      place="alerts"
      title="Alerts"
      timezone={timezone}
      onZone={setTimezone}
      error={error}
      onRetry={retry}
      resetKey="alerts"
      overlay={
        <>
          {editing !== null && alerts !== null && props.schema !== null && (
            <AlertEditor
              key={editing.document?.id ?? 'new'}
              draft={editing.draft}
              isNew={editing.document === null}
              schema={schema}
              channels={channels}
              timezone={timezone}
              onSave={async (content, name) => {
                const ids = alerts.map(({ document: { id } }) => ({ id }));
                const id = editing.document?.id ?? documentIdOf(name, ids);
                await actions.put(id, editing.document?.version ?? null, content);
                close();
              }}
              onClose={close}
            />
          )}
          {toast}
        </>
      }
    >
      <main className="page page-column alerts">
        <header className="page-head">
          <h1>Alerts</h1>
          {!schema.readOnly && (
            <button
              type="button"
              className="button button-main"
              onClick={() => setEditing({ document: null, draft: emptyDraft })}
            >
              New alert
            </button>
          )}
        </header>
        {removed !== null && (
          <p className="page-removed" role="status">
            {removed.content.name} is deleted.
            <button
              type="button"
              className="button"
              onClick={() => {
                attempt(actions.put(removed.id, null, removed.content));
                setRemoved(null);
              }}
            >
              Undo
            </button>
          </p>
        )}
        <DocumentProblems kinds={['alerts']} />
        {sorted === undefined && <WaitText>Reading the alerts …</WaitText>}
        {sorted?.length === 0 && (
          <p className="alerts-none">
            No alerts yet. An alert evaluates a condition regularly – an amount, a change, a new value, a
            silent service, a finding, a source that is behind – and sends a message when it holds.
          </p>
        )}
        {sorted?.map((alert) => {
          const { id, version, content } = alert.document;
          return (
            <AlertCard
              key={id}
              alert={alert}
              schema={schema}
              timezone={timezone}
              readOnly={schema.readOnly}
              onEdit={() => setEditing({ document: alert.document, draft: draftOf(content) })}
              onEnable={(enabled) =>
                attempt(actions.put(id, version, contentOf({ ...draftOf(content), enabled })))
              }
              onRestore={() => attempt(actions.remove(id, version))}
              onPut={(earlier) => attempt(actions.put(id, version, earlier))}
              onRemove={() => {
                setRemoved(alert.document);
                attempt(actions.remove(id, version));
              }}
              onAcknowledge={(key, note) => attempt(actions.acknowledge(id, key, note))}
              onSilence={(hours, reason) =>
                attempt(actions.silence(id, new Date(Date.now() + hours * 3_600_000).toISOString(), reason))
              }
              onEndSilence={(silence) => attempt(actions.endSilence(id, silence))}
            />
          );
        })}
      </main>
    </StorePage>
  );
}

const ranks = ['firing', 'error', 'pending', 'no_data', 'ok'];

function rankOf(state: string | undefined): number {
  const rank = ranks.indexOf(state ?? '');
  return rank < 0 ? ranks.length : rank;
}
