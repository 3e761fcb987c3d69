import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import type { Clause } from '../../src/model/query/query.ts';
import {
  type Explorer,
  ExplorerProvider,
  NowProvider,
  type OpenMenu,
  type Pending,
  SchemaProvider,
} from '../data/explorer-context.ts';
import { EXPLORER, MAP, navigate, useSearch } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { pathOf } from '../data/use-view.ts';
import { lookAgain } from '../data/look-again.ts';
import { openingView } from '../../src/view/opening-view.ts';
import type { Command } from '../gestures/shortcuts.ts';
import { useShortcuts } from '../gestures/use-shortcuts.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { TimePill } from '../menus/time-pill.tsx';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { ProblemPanel, undoActions } from '../parts/problem-panel.tsx';
import { Segments } from '../parts/segments.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { aboutUrl } from '../state/about-url.ts';
import { clearFilters } from '../../src/view/filters.ts';
import { readUrl, writeUrl } from '../../src/view/url.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { type View, withTime, withTimezone } from '../../src/view/view.ts';
import { FilterRow } from '../views/filter-row.tsx';
import { Notices } from '../views/notices.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { type MapEdge, type MapMeasure, type MapNode, OUTSIDE, largestEdges, neighboursOf } from './graph.ts';
import { MapCanvas } from './map-canvas.tsx';
import { MapTable } from './map-table.tsx';
import { useMap } from './use-map.ts';
import '../views/pill-bar.css';
import './map-page.css';

/** Who talks to whom: parties and the flows between them, under the same time and filters as in the explorer. */
export function MapPage(props: { readonly schema: Schema }): ReactNode {
  const { schema } = props;
  const search = useSearch();
  const { view, notices, focused, look } = useMemo(() => readMapUrl(search, schema), [search, schema]);
  const { measure, detail } = look;
  const shape = look.shape ?? (narrow.matches ? 'table' : 'map');
  const [text, setText] = useState('');
  const [menu, setMenu] = useState<OpenMenu>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const [helping, setHelping] = useState(false);
  const [toast, notify] = useToast();
  const client = useQueryClient();
  const range = useMemo(() => rangeOf(view.time, schema.span), [view.time, schema.span]);
  const { graph, stale, error, retry, asView } = useMap(
    view,
    range,
    measure,
    details[detail].nodes,
    schema.revision,
  );
  const go = (next: View, focus: string | null = null): void =>
    navigate(mapUrl(next, schema, { ...look, focus }));
  const change = (part: Partial<MapLook>): void =>
    navigate(mapUrl(view, schema, { ...look, ...part, focus: focused }));
  const focusNode = graph?.nodes.find(({ label }) => label === focused) ?? null;
  const focusKey = focusNode?.key ?? null;
  const shown = useMemo(
    () => (graph === null || focusKey === null ? graph : neighboursOf(graph, focusKey)),
    [graph, focusKey],
  );
  const drawn = useMemo(
    () => (shown === null || focusNode !== null ? null : largestEdges(shown, details[detail].edges)),
    [shown, focusNode, detail],
  );
  const wanted = text.trim().toLowerCase();
  const matching =
    wanted === '' ? [] : (graph?.nodes ?? []).filter(({ label }) => label.toLowerCase().includes(wanted));
  const onNode = (key: string): void => {
    const node = graph?.nodes.find((one) => one.key === key);
    go(view, node === undefined || node === focusNode ? null : node.label);
  };
  const linkOf = (edge: MapEdge): string => {
    const of = (key: string): MapNode | undefined => graph?.nodes.find((node) => node.key === key);
    return pathOf(edgeView(view, of(edge.from), of(edge.to)), schema);
  };
  const explorer = pathOf({ ...view, splits: [] }, schema);
  const run = (command: Command): void => {
    switch (command) {
      case 'help':
        return setHelping(true);
      case 'time':
      case 'filter':
        return setMenu(command);
      case 'clear':
        return go(clearFilters(view));
      case 'find':
        return document.querySelector<HTMLElement>('.map-find')?.focus();
      case 'refresh':
        return lookAgain(client);
      default:
        // The other keys work in the explorer only.
        return undefined;
    }
  };
  useShortcuts(run, () => undefined);
  useTitle('Map');
  const context: Explorer = {
    schema,
    view,
    range,
    askable: true,
    go: (next) => go(next),
    act: (drop) => {
      if (drop.kind === 'view') go(drop.view);
      else setPending({ kind: 'field', field: drop.field, leaves: drop.leaves });
    },
    openFilter: (field) => setPending({ kind: 'field', field, leaves: view }),
    pending,
    setPending,
    menu,
    setMenu,
    showQuery: (other) => navigate(pathOf(other, schema)),
    explain: () => undefined,
    zoom: (time) => go(withTime(view, { kind: 'absolute', ...time })),
    openDialog: (dialog) => setHelping(dialog === 'help'),
    link: writeUrl(view, schema.vocabulary),
    open: (link) => navigate(EXPLORER + link),
    notify,
  };
  return (
    <SchemaProvider value={schema}>
      <NowProvider value={() => context}>
        <ExplorerProvider value={context}>
          <div className="app" aria-busy={(graph === null && error === null) || stale}>
            <TopBar place="map" heading="Map" links={{ explore: explorer }}>
              <StoreAndZone
                schema={schema}
                timezone={view.timezone}
                at={range.to}
                onZone={(zone) => go(withTimezone(view, zone), focused)}
                onHelp={() => setHelping(true)}
                onRefresh={() => run('refresh')}
              />
            </TopBar>
            <Notices notices={notices} />
            <section className="bar map-bar" aria-label="Query">
              <span className="bar-label">Time</span>
              <div className="bar-row">
                <TimePill
                  time={view.time}
                  range={range}
                  newest={schema.span?.newest ?? 0}
                  timezone={view.timezone}
                  open={menu === 'time'}
                  onOpenChange={(open) => setMenu(open ? 'time' : null)}
                  onChoose={(time) => go(withTime(view, time), focused)}
                />
              </div>
              <span className="bar-label">Filter</span>
              <FilterRow />
            </section>
            <section className="map-tools" aria-label="What the map shows">
              <form
                onSubmit={(event) => {
                  event.preventDefault();
                  const [first] = matching;
                  if (first !== undefined) go(view, first.label);
                }}
              >
                <input
                  className="input map-find"
                  type="search"
                  placeholder="Find a party"
                  aria-label="Find a party; Enter shows the first and its neighbours"
                  list="map-parties"
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
                <datalist id="map-parties">
                  {graph?.nodes.map(({ key, label }) => (
                    <option key={key} value={label} />
                  ))}
                </datalist>
              </form>
              <Segments
                label="Amount"
                segments={[
                  { value: 'bytes', label: 'Bytes' },
                  { value: 'flows', label: 'Flows' },
                ]}
                value={measure}
                onChange={(measure) => change({ measure })}
                small
              />
              <Segments
                label="Detail"
                segments={[
                  { value: 'few', label: 'Largest', hint: 'The largest parties and flows' },
                  { value: 'many', label: 'More', hint: 'Up to 280 parties' },
                ]}
                value={detail}
                onChange={(detail) => change({ detail })}
                small
              />
              <Segments
                label="Show as"
                segments={[
                  { value: 'map', label: 'Map' },
                  { value: 'table', label: 'Table' },
                ]}
                value={shape}
                onChange={(shape) => change({ shape })}
                small
              />
              {focusNode !== null && (
                <p className="map-focus">
                  <b>{focusNode.label}</b>
                  <span className="soft">and its neighbours</span>
                  {focusNode.party !== null && (
                    <InnerLink
                      to={aboutUrl({ kind: 'party', value: focusNode.party }, view.time, view.timezone)}
                    >
                      Its page
                    </InnerLink>
                  )}
                  <button type="button" className="link" onClick={() => go(view)}>
                    Show all
                  </button>
                </p>
              )}
              <p className="map-note soft">
                <span className="map-key map-key-plain">accepted</span>
                <span className="map-key map-key-refused">mostly rejected</span>
                {graph !== null && (
                  <span>
                    {counted(graph.nodes.length, 'box', 'boxes')}
                    {graph.folded > 0 && `, ${formatCount(graph.folded)} merged into others`}
                    {shape === 'map' &&
                      (drawn?.hidden ?? 0) > 0 &&
                      `, ${counted(drawn?.hidden ?? 0, 'thinner line')} not drawn`}
                    {graph.cut.flows > 0 && `, ${counted(graph.cut.flows, 'flow')} of smaller pairs left out`}
                  </span>
                )}
                <InnerLink to={pathOf(asView, schema)}>In the explorer</InnerLink>
              </p>
            </section>
            <CrashGuard resetKey={search}>
              {error !== null ? (
                <main className="center">
                  <ProblemPanel error={error} onRetry={retry} ways={undoActions()} />
                </main>
              ) : shown === null ? (
                <main className="center">
                  <WaitText>Drawing the map …</WaitText>
                </main>
              ) : shown.edges.length === 0 ? (
                <main className="center soft">No flows in this time, under these filters.</main>
              ) : (
                <main className={`map${stale ? ' stale' : ''}`}>
                  {shape === 'map' ? (
                    <MapCanvas
                      graph={drawn?.graph ?? shown}
                      measure={measure}
                      focus={focusNode?.key ?? null}
                      found={new Set(matching.map(({ key }) => key))}
                      pageOf={(party) => aboutUrl({ kind: 'party', value: party }, view.time, view.timezone)}
                      onNode={onNode}
                      onEdge={(edge) => navigate(linkOf(edge))}
                    />
                  ) : (
                    <MapTable graph={shown} focus={focusNode?.key ?? null} linkOf={linkOf} onNode={onNode} />
                  )}
                </main>
              )}
            </CrashGuard>
            {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
            {toast}
          </div>
        </ExplorerProvider>
      </NowProvider>
    </SchemaProvider>
  );
}

/** Limits of nodes and edges. */
const details = {
  few: { nodes: { outside: 14, inside: 60 }, edges: 110 },
  many: { nodes: { outside: 80, inside: 200 }, edges: 700 },
};

/** The media query for screens too small for a map. */
const narrow = window.matchMedia('(max-width: 600px)');

/** How the map is shown; `shape` null: as it suits the screen. */
interface MapLook {
  readonly measure: MapMeasure;
  readonly detail: keyof typeof details;
  readonly shape: 'map' | 'table' | null;
}

const usual: MapLook = { measure: 'bytes', detail: 'few', shape: null };

/** The map's link: time and filters as in the explorer, how it is shown, and the focused party. */
function mapUrl(view: View, schema: Schema, look: MapLook & { readonly focus: string | null }): string {
  const link = writeUrl({ ...view, splits: [], visualization: null }, schema.vocabulary);
  const more = new URLSearchParams();
  if (look.measure !== usual.measure) more.set('amount', look.measure);
  if (look.detail !== usual.detail) more.set('detail', look.detail);
  if (look.shape !== null) more.set('as', look.shape);
  if (look.focus !== null) more.set('party', look.focus);
  return `${MAP}${link}${more.size === 0 ? '' : `&${more.toString()}`}`;
}

function readMapUrl(
  search: string,
  schema: Schema,
): {
  readonly view: View;
  readonly notices: readonly string[];
  readonly focused: string | null;
  readonly look: MapLook;
} {
  const params = new URLSearchParams(search);
  const own = (name: string): string | null => {
    const value = params.get(name);
    params.delete(name);
    return value;
  };
  const focused = own('party');
  const as = own('as');
  const look: MapLook = {
    measure: own('amount') === 'flows' ? 'flows' : usual.measure,
    detail: own('detail') === 'many' ? 'many' : usual.detail,
    shape: as === 'map' || as === 'table' ? as : null,
  };
  return { ...readUrl(params.toString(), openingView(schema), schema.vocabulary), focused, look };
}

/** The flows from one party to another, split by port. For merged parties, filter by what they share: their side. */
function edgeView(view: View, from: MapNode | undefined, to: MapNode | undefined): View {
  const clause = (node: MapNode | undefined, end: 'src' | 'dst'): readonly Clause[] => {
    if (node === undefined) return [];
    const is = (field: string, value: string | null): readonly Clause[] => [
      { kind: 'in', field, values: [value], not: false },
    ];
    return node.folded === 0
      ? is(`${end}_party`, node.party)
      : is(`${end}_side`, node.group === OUTSIDE ? 'external' : 'internal');
  };
  return {
    ...view,
    filters: [...view.filters, ...clause(from, 'src'), ...clause(to, 'dst')],
    splits: [{ field: 'dstport', bucket: null, limit: 50, sort: null }],
    visualization: 'table',
  };
}
