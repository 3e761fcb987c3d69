import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { ExplorerProvider } from '../data/explorer-context.ts';
import { editTile } from '../data/edited-tile.ts';
import { DASHBOARDS, navigate } from '../data/location.ts';
import type { DashboardDocument } from '../data/use-dashboards.ts';
import type { Schema } from '../data/use-schema.ts';
import { pathOf } from '../data/use-view.ts';
import { useShortcuts } from '../gestures/use-shortcuts.ts';
import { lookAgain } from '../data/look-again.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { withTimezone } from '../../src/view/view.ts';
import { FilterRow } from '../views/filter-row.tsx';
import { PageLink } from '../views/page-link.tsx';
import { TimeRow } from '../views/pill-bar.tsx';
import { Shell } from '../views/shell.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { DashboardGrid } from './dashboard-grid.tsx';
import { DashboardHead } from './dashboard-head.tsx';
import { useDashboardView } from './use-dashboard-view.ts';
import { useEditing } from './use-editing.ts';
import { VariableEditor } from './variable-editor.tsx';
import { VariableSelect } from './variable-select.tsx';

/** One dashboard: time and filters, then the tiles. */
export function DashboardScreen(props: {
  readonly document: DashboardDocument;
  readonly dashboards: readonly DashboardDocument[];
  readonly schema: Schema;
  readonly onRemoved: (document: DashboardDocument) => void;
}): ReactNode {
  const { document, schema } = props;
  const client = useQueryClient();
  const [toast, notify] = useToast();
  const [helping, setHelping] = useState(false);
  const editing = useEditing(document);
  const content: DashboardContent = editing.draft ?? document.content;
  useTitle(content.name);
  const path = `${DASHBOARDS}/${document.id}`;
  useShortcuts(
    (command) => {
      if (command === 'refresh') lookAgain(client);
      else if (command === 'help') setHelping(true);
    },
    () => undefined,
  );
  const { context, tiles, base, opening, search } = useDashboardView(content, path, schema, notify);
  const { view, range } = context;
  return (
    <ExplorerProvider value={context}>
      <Shell>
        <PageLink />
        <TopBar place="dashboards">
          <StoreAndZone
            schema={schema}
            timezone={view.timezone}
            at={range.to}
            onZone={(zone) => context.go(withTimezone(view, zone))}
            onHelp={() => setHelping(true)}
            onRefresh={() => lookAgain(client)}
          />
        </TopBar>
        <main className="page board">
          <DashboardHead
            document={document}
            dashboards={props.dashboards}
            editing={editing}
            changedView={search !== ''}
            onReset={() => navigate(path)}
            onRemoved={props.onRemoved}
          />
          <section className="board-bar" aria-label="Time and filters">
            <TimeRow />
            <div className="board-filters">
              {editing.draft === null ? (
                content.variables.map(({ field, label }) => (
                  <VariableSelect key={field} field={field} label={label} />
                ))
              ) : (
                <VariableEditor editing={editing} variables={content.variables} />
              )}
              <FilterRow />
            </div>
          </section>
          <CrashGuard resetKey={search}>
            <DashboardGrid
              id={document.id}
              content={content}
              editing={editing}
              base={base}
              tiles={tiles}
              opening={opening}
              onEditView={(tile, own) =>
                editTile(
                  { dashboard: document.id, tile: tile.id, draft: content, version: editing.version, search },
                  pathOf(own, schema),
                )
              }
            />
          </CrashGuard>
        </main>
        {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
        {toast}
      </Shell>
    </ExplorerProvider>
  );
}
