import type { ReactNode } from 'react';
import { useSchema } from './data/schema.ts';
import { ProblemPanel } from './parts/problem-panel.tsx';
import { EmptyStore } from './views/empty-store.tsx';
import { Explorer } from './views/explorer.tsx';
import { TopBar } from './views/top-bar.tsx';

export function App(): ReactNode {
  const { schema, error, refetch } = useSchema();
  if (schema !== null && schema.span !== null) return <Explorer schema={schema} />;
  return (
    <div className="app">
      <TopBar />
      {schema !== null ? <EmptyStore /> : error !== null && <ProblemPanel error={error} onRetry={refetch} />}
    </div>
  );
}
