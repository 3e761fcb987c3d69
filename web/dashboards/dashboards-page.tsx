import { type ReactNode, useState } from 'react';
import { DASHBOARDS } from '../data/location.ts';
import { type DashboardDocument, useDashboards } from '../data/use-dashboards.ts';
import type { Schema } from '../data/use-schema.ts';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { TopBar } from '../views/top-bar.tsx';
import { DashboardList } from './dashboard-list.tsx';
import { DashboardScreen } from './dashboard-screen.tsx';
import './dashboards.css';

/** All dashboards, or the one that the path names. */
export function DashboardsPage(props: { readonly schema: Schema; readonly path: string }): ReactNode {
  const { dashboards, error, retry } = useDashboards();
  const id = props.path.slice(DASHBOARDS.length + 1);
  const [removed, setRemoved] = useState<DashboardDocument | null>(null);
  const document = dashboards?.find((each) => each.id === id);
  if (document !== undefined)
    return (
      <DashboardScreen
        key={id}
        document={document}
        dashboards={dashboards ?? []}
        schema={props.schema}
        onRemoved={setRemoved}
      />
    );
  return (
    <div className="app">
      <TopBar place="dashboards" />
      {error !== null ? (
        <main className="center">
          <ProblemPanel error={error} onRetry={retry} />
        </main>
      ) : (
        dashboards !== null && (
          <DashboardList
            dashboards={dashboards}
            missing={id === '' ? null : id}
            removed={removed}
            onPutBack={() => setRemoved(null)}
            readOnly={props.schema.readOnly}
          />
        )
      )}
    </div>
  );
}
