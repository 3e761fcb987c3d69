import { useMemo } from 'react';
import { readUrl, writeUrl } from '../state/url.ts';
import { type View, defaultView } from '../state/view.ts';
import { roughLength } from '../time/duration.ts';
import { EXPLORER, navigate, useSearch } from './location.ts';
import type { Schema } from './schema.ts';

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

/** The view that the URL holds. */
export function useView(schema: Schema): ViewState {
  const search = useSearch();
  const base = useMemo(() => openingView(schema), [schema]);
  return useMemo(() => {
    const { view, notices } = readUrl(search, base, schema.vocabulary);
    return {
      view,
      notices,
      go: (next) => {
        if (next !== view) navigate(pathOf(next, schema));
      },
      open: (link) => navigate(EXPLORER + link),
      link: writeUrl(view, schema.vocabulary),
    };
  }, [search, base, schema]);
}

/** The explorer with a view, as a path of the page. */
export function pathOf(view: View, schema: Schema): string {
  return EXPLORER + writeUrl(view, schema.vocabulary);
}

/** Latest 7 days, or all if there is less. */
export function openingView(schema: Schema): View {
  const { span, timezone } = schema;
  const short = span !== null && span.to - span.from <= roughLength('P7D');
  return short ? defaultView(timezone, { kind: 'all' }) : defaultView(timezone);
}
