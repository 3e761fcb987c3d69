import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { QueryClient, QueryClientProvider, notifyManager } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { prioritizeQueries } from './data/query-priority.ts';
import { applyTheme } from './theme/use-theme.ts';
import './theme/tokens.css';
import './theme/base.css';
import './theme/page.css';
import './theme/data-table.css';

applyTheme();

// A new question is drawn together with the view that asks it, and an answer in the task in which it comes: by default, both wait for a timer.
notifyManager.setScheduler(queueMicrotask);

// Answers never become stale: the store's revision is part of every key.
const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: Infinity,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      // Keys are made by one function each, so their properties need not be sorted: each drawing hashes dozens of them.
      queryKeyHashFn: (key) => JSON.stringify(key),
    },
  },
});
prioritizeQueries(client);

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
