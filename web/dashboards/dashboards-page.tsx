import { type ReactNode, useState } from 'react';
import { DASHBOARDS } from '../data/location.ts';
import { type DashboardDocument, useDashboards } from '../data/use-dashboards.ts';
import type { Schema } from '../data/use-schema.ts';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { StoreProblem, StoreWaitFooter } from '../views/store-wait.tsx';
import { TopBar } from '../views/top-bar.tsx';
import { DashboardList } from './dashboard-list.tsx';
import { DashboardScreen } from './dashboard-screen.tsx';
import './dashboards.css';

/** All dashboards, or the one that the path names. */
export function DashboardsPage(props: {
  /** Null: not read yet. */
  readonly schema: Schema | null;
  readonly path: string;
}): ReactNode {
  const { schema } = props;
  const { dashboards, error, retry } = useDashboards();
  const id = props.path.slice(DASHBOARDS.length + 1);
  const [removed, setRemoved] = useState<DashboardDocument | null>(null);
  const document = dashboards?.find((each) => each.id === id);
  if (document !== undefined && schema !== null)
    return (
      <DashboardScreen
        key={id}
        document={document}
        dashboards={dashboards ?? []}
        schema={schema}
        onRemoved={setRemoved}
      />
    );
  return (
    <div className="app">
      <TopBar place="dashboards" />
      {schema === null && <StoreProblem />}
      {error !== null ? (
        <main className="center">
          <ProblemPanel error={error} onRetry={retry} />
        </main>
      ) : dashboards === null ? (
        <main className="center">
          <WaitText>Reading the dashboards …</WaitText>
        </main>
      ) : document !== undefined ? (
        <WaitingDashboard document={document} />
      ) : (
        <DashboardList
          dashboards={dashboards}
          missing={id === '' ? null : id}
          removed={removed}
          onPutBack={() => setRemoved(null)}
          readOnly={schema === null || schema.readOnly}
        />
      )}
      {schema === null && <StoreWaitFooter />}
    </div>
  );
}

/** What is known of a dashboard while the database, which its tiles ask, has not answered. */
function WaitingDashboard(props: { readonly document: DashboardDocument }): ReactNode {
  const { name, description, tiles } = props.document.content;
  return (
    <main className="page board">
      <header className="page-head">
        <div className="board-name">
          <h1>{name}</h1>
          <p>{description}</p>
        </div>
      </header>
      <ul className="boards-list" aria-label="Tiles">
        {tiles.map(({ id, title }) => (
          <li key={id} className="boards-item">
            <b>{title}</b>
            <span>waits for the database</span>
          </li>
        ))}
      </ul>
    </main>
  );
}
