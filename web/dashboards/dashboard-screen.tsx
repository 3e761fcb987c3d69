import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { type Explorer, ExplorerProvider, type OpenMenu, type Pending } from '../data/explorer-context.ts';
import { editTile } from '../data/edited-tile.ts';
import { DASHBOARDS, navigate, useSearch } from '../data/location.ts';
import type { DashboardDocument } from '../data/use-dashboards.ts';
import type { Schema } from '../data/use-schema.ts';
import { pathOf } from '../data/use-view.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { dashboardView } from '../../src/view/dashboard-view.ts';
import { writeUrl } from '../../src/view/url.ts';
import { type View, withTime, withTimezone } from '../../src/view/view.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { FilterRow } from '../views/filter-row.tsx';
import { PageLink } from '../views/page-link.tsx';
import { TimeRow } from '../views/pill-bar.tsx';
import { Shell } from '../views/shell.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { DashboardGrid } from './dashboard-grid.tsx';
import { DashboardHead } from './dashboard-head.tsx';
import { useEditing } from './use-editing.ts';
import { VariableEditor } from './variable-editor.tsx';
import { VariableSelect } from './variable-select.tsx';

/** One dashboard: time and filters, then the tiles. */
export function DashboardScreen(props: {
  readonly document: DashboardDocument;
  readonly dashboards: readonly DashboardDocument[];
  readonly schema: Schema;
}): ReactNode {
  const { document, schema } = props;
  const client = useQueryClient();
  const search = useSearch();
  const [toast, notify] = useToast();
  const [pending, setPending] = useState<Pending | null>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const [helping, setHelping] = useState(false);
  const editing = useEditing(document);
  const content: DashboardContent = editing.draft ?? document.content;
  useTitle(content.name);
  const path = `${DASHBOARDS}/${document.id}`;
  const base = useMemo(() => openingView(schema), [schema]);
  const view = useMemo(
    () => dashboardView(content.link, search, base, schema.vocabulary),
    [content.link, search, base, schema.vocabulary],
  );
  const range = useMemo(() => rangeOf(view.time, schema.span), [view.time, schema.span]);
  const context = useMemo<Explorer>(() => {
    const go = (next: View): void => navigate(path + writeUrl(next, schema.vocabulary));
    return {
      schema,
      view,
      range,
      askable: true,
      go,
      act: (drop) => {
        if (drop.kind === 'view') go(drop.view);
        else setPending({ kind: 'field', field: drop.field, leaves: drop.leaves });
      },
      openFilter: (field) => setPending({ kind: 'field', field, leaves: view }),
      pending,
      setPending,
      menu,
      setMenu,
      showQuery: () => undefined,
      explain: () => undefined,
      zoom: (time) => go(withTime(view, { kind: 'absolute', ...time })),
      openDialog: () => undefined,
      link: writeUrl(view, schema.vocabulary),
      open: (link) => navigate(path + link),
      notify,
    };
  }, [schema, view, range, path, pending, menu, notify]);
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
            onRefresh={() => void client.refetchQueries({ queryKey: ['schema'] })}
          />
        </TopBar>
        <main className="board">
          <DashboardHead
            document={document}
            dashboards={props.dashboards}
            editing={editing}
            changedView={search !== ''}
            onReset={() => navigate(path)}
          />
          <section className="board-bar" aria-label="Time and filters">
            <TimeRow />
            {editing.draft === null ? (
              content.variables.map(({ field, label }) => (
                <VariableSelect key={field} field={field} label={label} />
              ))
            ) : (
              <VariableEditor editing={editing} variables={content.variables} />
            )}
            <FilterRow />
          </section>
          <CrashGuard resetKey={search}>
            <DashboardGrid
              content={content}
              editing={editing}
              base={base}
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
