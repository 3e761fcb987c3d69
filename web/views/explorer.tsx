import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { askAhead } from '../data/ask-ahead.ts';
import {
  type Explorer as Context,
  ExplorerProvider,
  NowProvider,
  type OpenDialog,
  type OpenMenu,
  type Pending,
  SchemaProvider,
  type Selection,
  SelectionProvider,
} from '../data/explorer-context.ts';
import { EXPLORER, KNOCKS, navigate } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { isAskable } from '../data/can-query.ts';
import { useQuestion } from '../data/use-question.ts';
import { useView } from '../data/use-view.ts';
import { lookAgain } from '../data/look-again.ts';
import { formatRange } from '../../src/view/format/times.ts';
import type { Command } from '../gestures/shortcuts.ts';
import { useShortcuts } from '../gestures/use-shortcuts.ts';
import { copyText } from '../parts/clipboard.ts';
import { useToast } from '../parts/toast.tsx';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { type Panels, usePanels } from '../parts/panels.ts';
import { chartQuery, tableQuery } from '../../src/view/chart-layout/chart-query.ts';
import { withCompare } from '../../src/view/comparison.ts';
import type { Drop } from '../state/drop.ts';
import type { ExplainTarget } from '../state/explain-request.ts';
import { clearFilters } from '../../src/view/filters.ts';
import { writeKnocksUrl } from '../state/knocks-url.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { writeUrl } from '../../src/view/url.ts';
import { type View, withTime, withTimezone, withVisualization } from '../../src/view/view.ts';
import { visualizations } from '../../src/view/visualizations.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { Actions } from './actions.tsx';
import { DimensionList } from './dimension-list.tsx';
import { EmbedHead } from './embed-head.tsx';
import { ExplainDialog } from './explain-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { LookupsDialog } from './lookups-dialog.tsx';
import { Notices } from './notices.tsx';
import { PageLink } from './page-link.tsx';
import { PillBar } from './pill-bar.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { Pinboard } from './pinboard.tsx';
import { TileBar } from './tile-bar.tsx';
import { Shell } from './shell.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { ShowQuery } from './show-query.tsx';
import { PanelToggle, PinChip, StoreAndZone, TopBar, ViewsChip } from './top-bar.tsx';
import './explorer.css';
import './footer.css';

/** The explorer: a question in pills, and its chart. `embedded`: the chart alone, for a frame of another page. */
export function Explorer(props: { readonly schema: Schema; readonly embedded?: boolean }): ReactNode {
  const { schema, embedded = false } = props;
  const client = useQueryClient();
  const ahead = useCallback((next: View) => askAhead(client, next, schema), [client, schema]);
  const { view, notices, go, open, link } = useView(schema, ahead);
  const [pending, setPending] = useState<Pending | null>(null);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const [selection, select] = useState<Selection | null>(null);
  const [queryShown, showQuery] = useState<View | null>(null);
  const [explained, explain] = useState<ExplainTarget | null>(null);
  const [zoomed, setZoomed] = useState<Zoomed | null>(null);
  const [dialog, openDialog] = useState<OpenDialog>(null);
  const [toast, notify] = useToast();
  const knocksLink = KNOCKS + writeKnocksUrl({ time: view.time, timezone: view.timezone });
  const { panels, change, shut } = usePanels();
  const refresh = useCallback(() => lookAgain(client), [client]);

  const rough = useMemo(() => rangeOf(view.time, schema.span), [view.time, schema.span]);
  const { spec, query } = useMemo(() => chartQuery(view, rough), [view, rough]);
  const state = useQuestion(query, spec, schema.revision);
  const askable = isAskable(query, state);
  const answeredRange = state.data === null ? null : state.data.answer.range;
  const settled = useMemo(
    () =>
      answeredRange === null || state.data === null || !sameTime(state.data.spec.view, view)
        ? rough
        : { from: Date.parse(answeredRange.from), to: Date.parse(answeredRange.to) },
    [answeredRange, state.data, view, rough],
  );
  const range = useSteady(settled);
  const act = useCallback(
    (drop: Drop) => {
      if (drop.kind === 'view') go(drop.view);
      else setPending({ kind: 'field', field: drop.field, leaves: drop.leaves });
    },
    [go],
  );
  const context = useMemo<Context>(
    () => ({
      schema,
      view,
      range,
      askable,
      go,
      act,
      openFilter: (field) => setPending({ kind: 'field', field, leaves: view }),
      pending,
      setPending,
      menu,
      setMenu,
      showQuery,
      explain,
      zoom: (time) => {
        const next = withTime(view, { kind: 'absolute', ...time });
        setZoomed({ time, before: view, link: writeUrl(next, schema.vocabulary) });
        go(next);
      },
      openDialog,
      link,
      open,
      notify,
    }),
    [schema, view, range, askable, go, act, pending, menu, link, open, notify],
  );
  const latest = useRef(context);
  useLayoutEffect(() => {
    latest.current = context;
  });
  const now = useCallback(() => latest.current, []);
  const selecting = useMemo(() => ({ selection, select }), [selection]);
  const letGo = useCallback(() => select(null), []);
  // What was chosen belongs to the chart it was chosen in.
  const [chosenIn, setChosenIn] = useState(view);
  if (chosenIn !== view) {
    setChosenIn(view);
    select(null);
    shut();
  }

  const whole = new URL(EXPLORER + link, window.location.href).href;
  const run = (command: Command): void => {
    switch (command) {
      case 'help':
        return openDialog('help');
      case 'find':
        // At once: what is typed next must not be taken for shortcuts.
        flushSync(() => change('left', { open: true }));
        return document.querySelector<HTMLElement>('.side-find input')?.focus();
      case 'time':
      case 'filter':
      case 'split':
      case 'measure':
      case 'views':
        return setMenu(command);
      case 'compare':
        if (view.time.kind === 'all')
          return notify('There is no period before all time: choose a time range first');
        return go(withCompare(view, view.compare === null ? 'previous' : null));
      case 'clear':
        return go(clearFilters(view));
      case 'dimensions':
        return change('left', { open: !panels.left.open });
      case 'pinboard':
        return change('right', { open: !panels.right.open });
      case 'query':
        return showQuery(view);
      case 'refresh':
        return refresh();
      case 'link':
        return void copyText(whole).then((done) => notify(done ? 'Link copied' : whole));
      case 'export':
        return openDialog('export');
      case 'knocks':
        return navigate(knocksLink);
    }
  };
  // Not drawn again when an answer comes.
  const top = useMemo(
    () => (
      <TopBar place="explore" heading="Explorer" links={{ explore: EXPLORER + link, knocks: knocksLink }}>
        <StoreAndZone
          schema={schema}
          timezone={view.timezone}
          at={range.to}
          onZone={(zone) => go(withTimezone(view, zone))}
          onHelp={() => openDialog('help')}
          onRefresh={refresh}
        >
          <ViewsChip />
          {!schema.readOnly && <PinChip />}
          <PanelToggle side="left" name="dimensions" panels={panels} onPanel={change} />
          <PanelToggle side="right" name="pinboard" panels={panels} onPanel={change} />
        </StoreAndZone>
      </TopBar>
    ),
    [schema, view, range, link, knocksLink, panels, change, go, refresh],
  );
  // Keys of the page around a frame are none of ours.
  useShortcuts(embedded ? ignore : run, (digit) => {
    if (embedded) return;
    const chosen = visualizations[digit - 1];
    if (chosen !== undefined) go(withVisualization(view, chosen));
  });

  return (
    <Providers schema={schema} context={context} now={now}>
      <SelectionProvider value={selecting}>
        <Shell>
          {!embedded && <PageLink />}
          {embedded ? <EmbedHead link={whole} /> : top}
          <Notices notices={notices} />
          {!embedded && <TileBar />}
          {!embedded && <PillBar />}
          <CrashGuard
            resetKey={JSON.stringify(view, (_, value: unknown) =>
              typeof value === 'bigint' ? String(value) : value,
            )}
          >
            <ChartPanel
              state={state}
              link={whole}
              left={<DimensionList />}
              right={<Pinboard />}
              panels={embedded ? noPanels : panels}
              onPanel={change}
            />
          </CrashGuard>
          {selection !== null && <Actions selection={selection} onClose={letGo} />}
          {queryShown !== null && (
            <ShowQuery query={tableQuery(queryShown, range)} onClose={() => showQuery(null)} />
          )}
          {zoomed !== null && zoomed.link === link && explained === null && (
            <div className="brushed" role="group" aria-label="Selected time">
              {formatRange(zoomed.time, view.timezone)}
              <button
                type="button"
                disabled={schema.unsupported.explain !== undefined}
                title={schema.unsupported.explain ?? 'Find what distinguishes this time range'}
                onClick={() =>
                  explain({
                    view: zoomed.before,
                    steps: [],
                    brushed: { kind: 'absolute', ...zoomed.time },
                  })
                }
              >
                Explain
              </button>
              <button type="button" aria-label="Dismiss" onClick={() => setZoomed(null)}>
                ×
              </button>
            </div>
          )}
          {explained !== null && <ExplainDialog what={explained} onClose={() => explain(null)} />}
          {dialog === 'export' && (
            <ExportDialog query={tableQuery(view, rough)} onClose={() => openDialog(null)} />
          )}
          {dialog === 'lookups' && <LookupsDialog onClose={() => openDialog(null)} />}
          {dialog === 'help' && <ShortcutSheet onClose={() => openDialog(null)} />}
          {toast}
        </Shell>
      </SelectionProvider>
    </Providers>
  );
}

const noPanels: Panels = { left: { open: false, width: 0 }, right: { open: false, width: 0 } };

function ignore(): void {
  // Nothing is done.
}

function Providers(props: {
  readonly schema: Schema;
  readonly context: Context;
  readonly now: () => Context;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <SchemaProvider value={props.schema}>
      <NowProvider value={props.now}>
        <ExplorerProvider value={props.context}>{props.children}</ExplorerProvider>
      </NowProvider>
    </SchemaProvider>
  );
}

/** A time that was brushed, the view that it was brushed in, and the link of what it led to. */
interface Zoomed {
  readonly time: Span;
  readonly before: View;
  readonly link: string;
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
