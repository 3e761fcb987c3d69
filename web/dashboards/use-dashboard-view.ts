import { useMemo, useState } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { dashboardView, tileRowsIn, withTileRows } from '../../src/view/dashboard-view.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { writeUrl } from '../../src/view/url.ts';
import { type View, withTime } from '../../src/view/view.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import type { Explorer, OpenMenu, Pending } from '../data/explorer-context.ts';
import { navigate, useSearch } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';

/** What the dashboard's link says of single tiles. */
export interface TilesInLink {
  /** The view of a tile with its rows as the link says. */
  readonly viewOf: (tile: string, view: View) => View;
  /** Shows another view of the dashboard, and the rows of a tile as in `shown`. */
  readonly go: (dashboard: View, tile: string, shown: View) => void;
}

/** What the tiles of a dashboard ask for: its time and filters, which the query string of `path` holds. */
export function useDashboardView(
  content: Pick<DashboardContent, 'link'>,
  path: string,
  schema: Schema,
  notify: Explorer['notify'],
): {
  readonly context: Explorer;
  readonly tiles: TilesInLink;
  readonly base: View;
  readonly opening: View;
  readonly search: string;
} {
  const search = useSearch();
  const [pending, setPending] = useState<Pending | null>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const base = useMemo(() => openingView(schema), [schema]);
  const view = useMemo(
    () => dashboardView(content.link, search, base, schema.vocabulary),
    [content.link, search, base, schema.vocabulary],
  );
  const opening = useMemo(
    () => dashboardView(content.link, '', base, schema.vocabulary),
    [content.link, base, schema.vocabulary],
  );
  const range = useMemo(() => rangeOf(view.time, schema.span), [view.time, schema.span]);
  const context = useMemo<Explorer>(() => {
    const go = (next: View): void =>
      navigate(path + writeUrl(next, schema.vocabulary) + tileRowsIn(search, null));
    return {
      schema,
      view,
      range,
      askable: true,
      go,
      act: (drop) => {
        if (drop.kind === 'view') go(drop.view);
        else setPending({ kind: 'field', field: drop.field, leaves: drop.leaves });
      },
      openFilter: (field) => setPending({ kind: 'field', field, leaves: view }),
      pending,
      setPending,
      menu,
      setMenu,
      showQuery: () => undefined,
      explain: () => undefined,
      zoom: (time) => go(withTime(view, { kind: 'absolute', ...time })),
      openDialog: () => undefined,
      link: writeUrl(view, schema.vocabulary),
      open: (link) => navigate(path + link),
      notify,
    };
  }, [schema, view, range, path, search, pending, menu, notify]);
  const tiles = useMemo<TilesInLink>(
    () => ({
      viewOf: (tile, shown) => withTileRows(shown, search, tile, schema.vocabulary),
      go: (next, tile, rows) =>
        navigate(path + writeUrl(next, schema.vocabulary) + tileRowsIn(search, { tile, rows })),
    }),
    [path, search, schema],
  );
  return { context, tiles, base, opening, search };
}
