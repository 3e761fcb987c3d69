import { useMemo } from 'react';
import { readUrl, writeUrl } from '../state/url.ts';
import { type View, defaultView } from '../state/view.ts';
import { roughLength } from '../time/iso-duration.ts';
import { EXPLORER, navigate, useSearch } from './location.ts';
import type { Schema } from './use-schema.ts';

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

/** The view that the URL holds. `ahead` gets the next one before the page begins to draw it. */
export function useView(schema: Schema, ahead: (next: View) => void): ViewState {
  const search = useSearch();
  const base = useMemo(() => openingView(schema), [schema]);
  return useMemo(() => {
    const { view, notices } = readUrl(search, base, schema.vocabulary);
    return {
      view,
      notices,
      go: (next) => {
        if (next === view) return;
        const path = pathOf(next, schema);
        // As the page will read it.
        ahead(readUrl(new URL(path, window.location.href).search, base, schema.vocabulary).view);
        navigate(path);
      },
      open: (link) => navigate(EXPLORER + link),
      link: writeUrl(view, schema.vocabulary),
    };
  }, [search, base, schema, ahead]);
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
