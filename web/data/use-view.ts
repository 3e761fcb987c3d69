import { useMemo, useSyncExternalStore } from 'react';
import { readUrl, writeUrl } from '../state/url.ts';
import { type View, defaultView } from '../state/view.ts';
import { roughLength } from '../time/duration.ts';
import type { Schema } from './schema.ts';

const changed = new EventTarget();

/** Marks history entries that a change here made: behind them lies another view of ours. */
const PUSHED = 'view';

/** Goes back to the view before the last change; null if the page was opened with this one. */
export function undo(): (() => void) | null {
  return window.history.state === PUSHED ? () => window.history.back() : null;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  changed.addEventListener('change', listener);
  return () => {
    window.removeEventListener('popstate', listener);
    changed.removeEventListener('change', listener);
  };
}

export interface ViewState {
  readonly view: View;
  /** What of the URL could not be read. */
  readonly notices: readonly string[];
  /** Shows another view; it becomes a history entry unless nothing changed. */
  readonly go: (next: View) => void;
  /** Shows what a query string holds, as if its link had been followed. */
  readonly open: (link: string) => void;
  /** The view's query string. */
  readonly link: string;
}

/** The view that the URL holds: the URL is the state, so that back and forward need nothing else. */
export function useView(schema: Schema): ViewState {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const base = useMemo(() => openingView(schema), [schema]);
  return useMemo(() => {
    const { view, notices } = readUrl(search, base, schema.vocabulary);
    const open = (link: string): void => {
      if (link === window.location.search) return;
      window.history.pushState(PUSHED, '', link);
      changed.dispatchEvent(new Event('change'));
    };
    return {
      view,
      notices,
      go: (next) => {
        if (next !== view) open(writeUrl(next, schema.vocabulary));
      },
      open,
      link: writeUrl(view, schema.vocabulary),
    };
  }, [search, base, schema]);
}

/** Latest 7 days, or all if there is less. */
function openingView(schema: Schema): View {
  const { span, timezone } = schema;
  const short = span !== null && span.to - span.from <= roughLength('P7D');
  return short ? defaultView(timezone, { kind: 'all' }) : defaultView(timezone);
}
