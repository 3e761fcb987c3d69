import { useMemo, useState } from 'react';
import type { DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { dashboardView } from '../../src/view/dashboard-view.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { writeUrl } from '../../src/view/url.ts';
import { type View, withTime } from '../../src/view/view.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import type { Explorer, OpenMenu, Pending } from '../data/explorer-context.ts';
import { navigate, useSearch } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';

/** What the tiles of a dashboard ask for: its time and filters, which the query string of `path` holds. */
export function useDashboardView(
  content: Pick<DashboardContent, 'link'>,
  path: string,
  schema: Schema,
  notify: Explorer['notify'],
): { readonly context: Explorer; readonly base: View; readonly opening: View; readonly search: string } {
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
    const go = (next: View): void => navigate(path + writeUrl(next, schema.vocabulary));
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
  }, [schema, view, range, path, pending, menu, notify]);
  return { context, base, opening, search };
}
