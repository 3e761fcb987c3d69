import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Finding, FindingWithState } from '../../src/model/knocks/knocks.ts';
import { EXPLORER, KNOCKS, lastExplored, navigate, useSearch } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { useKnocks } from '../data/use-knocks.ts';
import { pathOf } from '../data/use-view.ts';
import { lookAgain } from '../data/look-again.ts';
import { openingView } from '../../src/view/opening-view.ts';
import type { Command } from '../gestures/shortcuts.ts';
import { useShortcuts } from '../gestures/use-shortcuts.ts';
import { TimePill } from '../menus/time-pill.tsx';
import { countStates, isSetAside } from '../../src/model/knocks/set-aside.ts';
import { copyText } from '../parts/clipboard.ts';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { ProblemPanel, undoActions } from '../parts/problem-panel.tsx';
import { useToast } from '../parts/toast.tsx';
import { useTitle } from '../parts/use-title.ts';
import { type KnocksView, readKnocksUrl, writeKnocksUrl } from '../state/knocks-url.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { readUrl } from '../../src/view/url.ts';
import { Notices } from '../views/notices.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { FindingCard } from './finding-card.tsx';
import { FindingDetail } from './finding-detail.tsx';
import { KindRow } from './kind-row.tsx';
import { KnocksFooter } from './knocks-footer.tsx';
import { KnocksNotes } from './knocks-notes.tsx';
import { RestTable } from './rest-table.tsx';
import { KnocksHead } from './knocks-head.tsx';
import { LinksProvider, linksOf } from './links.ts';
import { Searching } from './searching.tsx';
import { FindingActionsProvider } from './finding-actions.ts';
import { NoFindings } from './no-findings.tsx';
import { StateRow } from './state-row.tsx';
import { Timeline } from './timeline.tsx';
import { useActions } from './use-actions.ts';
import './knocks-page.css';
import '../views/pill-bar.css';

/** The media query for a layout with the details below the list (knocks-page.css). */
const below = window.matchMedia('(max-width: 820px)');

/** The Knocks page: the findings of the investigation, with links from numbers to their flows. */
export function KnocksPage(props: { readonly schema: Schema }): ReactNode {
  const { schema } = props;
  const search = useSearch();
  const base = useMemo(() => openingView(schema), [schema]);
  const { view, notices } = useMemo(
    () => readKnocksUrl(search, base, schema.vocabulary),
    [search, base, schema],
  );
  const { time, timezone } = view;
  const cannot = schema.unsupported.knocks;
  // Findings on the screen do not change by themselves; newer flows are loaded on request.
  const [revision, setRevision] = useState(schema.revision);
  const { knocks, searching, error, retry } = useKnocks(time, revision, cannot === undefined);
  const [menu, setMenu] = useState(false);
  const [helping, setHelping] = useState(false);
  const [toast, notify] = useToast();
  const client = useQueryClient();
  const list = useRef<HTMLDivElement>(null);

  const range = useMemo(() => {
    const covered = knocks?.range;
    return covered == null || searching
      ? rangeOf(time, schema.span)
      : { from: Date.parse(covered.from), to: Date.parse(covered.to) };
  }, [knocks, searching, time, schema.span]);
  const within = useMemo(() => {
    const covered = knocks?.range_investigated;
    return covered == null ? null : { from: Date.parse(covered.from), to: Date.parse(covered.to) };
  }, [knocks]);
  const links = useMemo(() => linksOf(schema, { ...base, time, timezone }), [schema, base, time, timezone]);
  const ofKind = useMemo(
    () => (knocks?.findings ?? []).filter(({ kind }) => view.kind === undefined || kind === view.kind),
    [knocks, view.kind],
  );
  // Findings that were set aside come last, collapsed, unless their state is selected.
  const [unfolded, setUnfolded] = useState(false);
  const open = ofKind.filter((one) =>
    view.state === undefined ? !isSetAside(one) : one.state === view.state,
  );
  const aside = view.state === undefined ? ofKind.filter(isSetAside) : [];
  const isUnfolded = unfolded || aside.some(({ id }) => id === view.finding);
  const findings = isUnfolded ? [...open, ...aside] : open;
  const chosen = findings.find(({ id }) => id === view.finding) ?? findings[0] ?? null;
  const actions = useActions(time, schema.readOnly, notify);
  const lost =
    view.finding !== undefined && !searching && knocks !== null && chosen?.id !== view.finding
      ? ['The linked finding is not in this time range, kind and state.']
      : [];

  const go = (part: Partial<KnocksView>, how: 'push' | 'replace' = 'push'): void =>
    navigate(KNOCKS + writeKnocksUrl({ ...view, ...part }), how);
  const choose = (finding: Finding, how: 'push' | 'replace' = 'push'): void =>
    go({ finding: finding.id }, how);
  /** If the details are below the list, scroll them into view. */
  const show = (finding: Finding): void => {
    choose(finding);
    if (!below.matches) return;
    requestAnimationFrame(() => document.querySelector('.detail')?.scrollIntoView());
  };
  const link = new URL(KNOCKS + writeKnocksUrl(view), window.location.href).href;
  const copyLink = (): void => void copyText(link).then((done) => notify(done ? 'Link copied' : link));
  const explorer = explorerLink(schema, base, view);

  const walk = (event: KeyboardEvent<HTMLButtonElement>, at: number): void => {
    const to = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : -1;
    const next = findings[to];
    if (next === undefined) return;
    event.preventDefault();
    choose(next, 'replace');
    list.current?.querySelector<HTMLElement>(`[data-finding="${CSS.escape(next.id)}"]`)?.focus();
  };
  const run = (command: Command): void => {
    switch (command) {
      case 'help':
        return setHelping(true);
      case 'time':
        return setMenu(true);
      case 'refresh':
        return lookAgain(client);
      case 'link':
        return copyLink();
      case 'knocks':
        return navigate(explorer);
      case 'clear':
        return go({ kind: undefined, state: undefined });
      default:
        // The other keys work in the explorer only.
        return undefined;
    }
  };
  const card = (finding: FindingWithState, at: number): ReactNode => (
    <FindingCard
      key={finding.id}
      finding={finding}
      timezone={timezone}
      within={within}
      chosen={finding === chosen}
      onChoose={() => show(finding)}
      onKeyDown={(event) => walk(event, at)}
    />
  );
  useShortcuts(run, () => undefined);
  useTitle('Knocks');

  return (
    <LinksProvider value={links}>
      <FindingActionsProvider value={actions}>
        <div className="app" aria-busy={searching}>
          <TopBar place="knocks" heading="Knocks" links={{ explore: explorer, knocks: link }}>
            <StoreAndZone
              schema={schema}
              timezone={timezone}
              at={range.to}
              onZone={(zone) => go({ timezone: zone })}
              onHelp={() => setHelping(true)}
              onRefresh={() => run('refresh')}
            />
          </TopBar>
          <Notices notices={[...notices, ...lost]} />
          <section className="bar" aria-label="Query">
            <span className="bar-label">Time</span>
            <div className="bar-row">
              <TimePill
                time={time}
                range={range}
                newest={schema.span?.newest ?? 0}
                timezone={timezone}
                open={menu}
                onOpenChange={setMenu}
                onChoose={(next) => go({ time: next, finding: undefined })}
              />
              {revision !== schema.revision && (
                <button type="button" className="newer" onClick={() => setRevision(schema.revision)}>
                  Newer flows available: refresh
                </button>
              )}
            </div>
            {knocks !== null && knocks.findings.length > 0 && (
              <>
                <KindRow
                  findings={knocks.findings}
                  kind={view.kind}
                  onChange={(kind) => go({ kind, finding: undefined })}
                />
                <StateRow
                  findings={ofKind}
                  state={view.state}
                  onChange={(state) => go({ state, finding: undefined })}
                />
              </>
            )}
          </section>
          <CrashGuard resetKey={search}>
            {error !== null ? (
              <main className="center">
                <ProblemPanel error={error} onRetry={retry} ways={undoActions()} />
              </main>
            ) : cannot !== undefined ? (
              <main className="center">
                <p>{cannot}</p>
              </main>
            ) : knocks === null ? (
              <Searching flows={schema.flows} />
            ) : (
              <main className={`knocks${searching ? ' stale' : ''}`}>
                <div className="knocks-list" ref={list}>
                  <KnocksHead knocks={knocks} />
                  <KnocksNotes notes={knocks.notes} />
                  {open.length === 0 ? (
                    <NoFindings
                      hidden={knocks.findings.length === 0 ? null : aside.length > 0 ? 'aside' : 'filtered'}
                      all={time.kind === 'all'}
                      looked={knocks.range_investigated !== null}
                      onAllKinds={() => go({ kind: undefined, state: undefined })}
                      onAllTime={() => go({ time: { kind: 'all' } })}
                    />
                  ) : (
                    <>
                      <Timeline
                        findings={open}
                        timezone={timezone}
                        chosen={chosen?.id ?? null}
                        onChoose={show}
                      />
                      {open.map((finding, at) => card(finding, at))}
                    </>
                  )}
                  {aside.length > 0 && (
                    <section className="aside" aria-label="Set aside">
                      <button
                        type="button"
                        className="aside-fold"
                        aria-expanded={isUnfolded}
                        onClick={() => setUnfolded(!isUnfolded)}
                      >
                        Set aside: {countStates(aside)}
                      </button>
                      {isUnfolded && aside.map((finding, at) => card(finding, open.length + at))}
                    </section>
                  )}
                  {view.kind === undefined && <RestTable rest={knocks.rest} />}
                </div>
                {chosen !== null && (
                  <FindingDetail
                    key={chosen.id}
                    finding={chosen}
                    timezone={timezone}
                    within={within}
                    notify={notify}
                    onBack={() => list.current?.scrollIntoView()}
                  />
                )}
              </main>
            )}
          </CrashGuard>
          <KnocksFooter
            knocks={error === null ? knocks : null}
            shown={findings.length}
            time={time}
            onCopyLink={copyLink}
          />
          {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
          {toast}
        </div>
      </FindingActionsProvider>
    </LinksProvider>
  );
}

/** Back to the last view of the explorer, with the time range of this page. */
function explorerLink(schema: Schema, base: ReturnType<typeof openingView>, now: KnocksView): string {
  const search = lastExplored();
  const before = search === '' ? base : readUrl(search, base, schema.vocabulary).view;
  return search === '' && now.time === base.time && now.timezone === base.timezone
    ? EXPLORER
    : pathOf({ ...before, time: now.time, timezone: now.timezone }, schema);
}
