import { useIsFetching } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { type Explorer as Context, ExplorerProvider } from '../data/explorer-context.ts';
import type { Schema } from '../data/schema.ts';
import { useAnswer } from '../data/use-answer.ts';
import { useView } from '../data/use-view.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { type Asked, ask } from '../picture/asked.ts';
import { rangeOf } from '../state/range.ts';
import type { View } from '../state/view.ts';
import type { Span } from '../time/buckets.ts';
import { DimensionList } from './dimension-list.tsx';
import { Notices } from './notices.tsx';
import { PillBar } from './pill-bar.tsx';
import { Picture } from './picture.tsx';
import { StoreAndZone, TopBar } from './top-bar.tsx';
import './explorer.css';
import './footer.css';

/** The explorer: a question in pills, and its picture. */
export function Explorer(props: { readonly schema: Schema }): ReactNode {
  const { schema } = props;
  const { view, notices, go, linkTo } = useView(schema);
  const [draft, setDraft] = useState<string | null>(null);
  const [toast, notify] = useToast();
  const busy = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== 'schema' }) > 0;

  const rough = useMemo(() => rangeOf(view.time, schema.span), [view.time, schema.span]);
  const { asked, query } = useMemo(() => ask(view, rough), [view, rough]);
  const state = useAnswer<Asked>(query, asked, schema.revision);
  const answeredRange = state.data === null ? null : state.data.answer.range;
  const settled = useMemo(
    () =>
      answeredRange === null || state.data === null || !sameTime(state.data.asked.view, view)
        ? rough
        : { from: Date.parse(answeredRange.from), to: Date.parse(answeredRange.to) },
    [answeredRange, state.data, view, rough],
  );
  const range = useSteady(settled);
  const context = useMemo<Context>(
    () => ({ schema, view, range, go, openFilter: setDraft, notify }),
    [schema, view, range, go, notify],
  );

  return (
    <ExplorerProvider value={context}>
      <div className="app" aria-busy={busy}>
        <TopBar>
          <StoreAndZone />
        </TopBar>
        <Notices notices={notices} />
        <PillBar draft={draft} onDraft={setDraft} />
        <CrashGuard
          resetKey={JSON.stringify(view, (_, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          )}
        >
          <Picture state={state} query={query} link={linkTo(view)} side={<DimensionList />} />
        </CrashGuard>
        {toast !== null && (
          <div className="toast ellipsis" role="status">
            {toast}
          </div>
        )}
      </div>
    </ExplorerProvider>
  );
}

/** Whether two views mean the same time, so that what one was resolved to holds for the other. */
function sameTime(a: View, b: View): boolean {
  return a.timezone === b.timezone && JSON.stringify(a.time) === JSON.stringify(b.time);
}

/** The same object as long as it says the same. */
function useSteady(span: Span): Span {
  const { from, to } = span;
  return useMemo(() => ({ from, to }), [from, to]);
}

function useToast(): readonly [string | null, (text: string) => void] {
  const [toast, setToast] = useState<string | null>(null);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), 2200);
    return () => clearTimeout(timer);
  }, [toast]);
  return [toast, useCallback((text: string) => setToast(text), [])];
}
