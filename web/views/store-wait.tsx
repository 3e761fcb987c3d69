import type { ReactNode } from 'react';
import { useSchemaRequest } from '../data/schema-request.ts';
import { ProblemPanel } from '../parts/problem-panel.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { type Place, TopBar } from './top-bar.tsx';
import './footer.css';

/** A page that can show nothing before the database has answered. */
export function WaitingPage(props: {
  /** Null: embedded in another page, without the top bar. */
  readonly place: Place | null;
}): ReactNode {
  const { error } = useSchemaRequest();
  return (
    <div className="app" aria-busy="true">
      {props.place !== null && <TopBar place={props.place} />}
      <main className="center">
        <StoreProblem />
        {error === null && <WaitText>Waiting for the database to say which flows there are …</WaitText>}
      </main>
    </div>
  );
}

/** Why the database could not be asked; nothing while it is waited for. */
export function StoreProblem(): ReactNode {
  const { error, refetch } = useSchemaRequest();
  return error === null ? null : <ProblemPanel error={error} onRetry={refetch} />;
}

/** The footer of a page that shows what it can meanwhile. */
export function StoreWaitFooter(): ReactNode {
  return (
    <footer className="foot foot-wraps">
      <WaitText>Waiting for the database: the rest is shown once it answers …</WaitText>
    </footer>
  );
}
