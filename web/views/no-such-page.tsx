import type { ReactNode } from 'react';
import { EXPLORER, follow } from '../data/location.ts';
import '../parts/controls.css';
import '../parts/panel.css';
import { TopBar } from './top-bar.tsx';

/** Nothing is at this path. */
export function NoSuchPage({ path }: { readonly path: string }): ReactNode {
  return (
    <div className="app">
      <TopBar place={null} />
      <main className="center">
        <div className="panel">
          <h2>There is no such page</h2>
          <p className="panel-path">{path}</p>
          <div className="panel-actions">
            <a className="button button-main" href={EXPLORER} onClick={follow}>
              Explore flows
            </a>
          </div>
        </div>
      </main>
    </div>
  );
}
