import { useEffect, useMemo } from 'react';
import { parseQuery } from '../../src/model/query/parse-query.ts';
import { viewOfQuery } from '../state/from-query.ts';
import { readUrl, writeUrl } from '../../src/view/url.ts';
import { openingView } from '../../src/view/opening-view.ts';
import type { View } from '../../src/view/view.ts';
import { EMBED, EXPLORER, navigate, usePath, useSearch } from './location.ts';
import type { Schema } from './use-schema.ts';

export interface ViewState {
  readonly view: View;
  /** Parts of the URL that could not be parsed. */
  readonly notices: readonly string[];
  /** Shows another view; it becomes a history entry unless nothing changed. */
  readonly go: (next: View) => void;
  /** Shows the view in a query string, like following its link. */
  readonly open: (link: string) => void;
  /** The view's query string. */
  readonly link: string;
}

/** The view in the URL. `ahead` is called with the next view before the page renders it. */
export function useView(schema: Schema, ahead: (next: View) => void): ViewState {
  const search = useSearch();
  // Views opened in an embedded page stay embedded.
  const home = usePath() === EMBED ? EMBED : EXPLORER;
  const base = useMemo(() => openingView(schema), [schema]);
  const state = useMemo<ViewState>(() => {
    const { view, notices } = readSearch(search, base, schema);
    return {
      view,
      notices,
      go: (next) => {
        if (next === view) return;
        const path = home + writeUrl(next, schema.vocabulary);
        // Normalized as the page will parse it.
        ahead(readUrl(new URL(path, window.location.href).search, base, schema.vocabulary).view);
        navigate(path);
      },
      open: (link) => navigate(home + link),
      link: writeUrl(view, schema.vocabulary),
    };
  }, [search, base, schema, ahead, home]);
  const { link, notices } = state;
  useEffect(() => {
    // The view then has a normal URL. What could not be parsed is kept for a message.
    if (queryIn(search) !== null && notices.length === 0) navigate(home + link, 'replace');
  }, [search, link, notices, home]);
  return state;
}

/** The query JSON in a link made by a program, `?query=…`; null: the link of a view. */
function queryIn(search: string): string | null {
  return new URLSearchParams(search).get('query');
}

function readSearch(search: string, base: View, schema: Schema): ReturnType<typeof readUrl> {
  const json = queryIn(search);
  if (json === null) return readUrl(search, base, schema.vocabulary);
  try {
    return { view: viewOfQuery(parseQuery(JSON.parse(json)), base), notices: [] };
  } catch (error) {
    return { view: base, notices: [`The query of this link can’t be read: ${(error as Error).message}`] };
  }
}

/** The explorer with a view, as a path of the page. */
export function pathOf(view: View, schema: Schema): string {
  return EXPLORER + writeUrl(view, schema.vocabulary);
}
