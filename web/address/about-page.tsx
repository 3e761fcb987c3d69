import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { navigate, useSearch } from '../data/location.ts';
import { useAbout } from '../data/use-about.ts';
import { isRequestFault } from '../data/request-problem.ts';
import type { Schema } from '../data/use-schema.ts';
import { lookAgain } from '../data/look-again.ts';
import { openingView } from '../../src/view/opening-view.ts';
import type { Command } from '../gestures/shortcuts.ts';
import { useShortcuts } from '../gestures/use-shortcuts.ts';
import { LinksProvider, linksOf } from '../knocks/links.ts';
import { TimePill } from '../menus/time-pill.tsx';
import { CrashGuard } from '../parts/crash-guard.tsx';
import { ProblemPanel, undoActions } from '../parts/problem-panel.tsx';
import { WaitText } from '../parts/wait-text.tsx';
import { useTitle } from '../parts/use-title.ts';
import { LinkedText } from '../parts/linked-text.tsx';
import { type AboutThing, aboutUrl } from '../state/about-url.ts';
import { readUrl } from '../../src/view/url.ts';
import { rangeOf } from '../../src/view/view-range.ts';
import { Notices } from '../views/notices.tsx';
import { ShortcutSheet } from '../views/shortcut-sheet.tsx';
import { StoreAndZone, TopBar } from '../views/top-bar.tsx';
import { AboutChart } from './about-chart.tsx';
import { AboutHead } from './about-head.tsx';
import { AboutSideLists } from './about-lists.tsx';
import { ChangeList } from './change-list.tsx';
import { FindThing } from './find-thing.tsx';
import { Mentions } from './mentions.tsx';
import { AboutPlaceProvider } from './about-context.ts';
import { kindWords, whyInvalid } from './address-words.ts';
import '../views/head.css';
import '../views/pill-bar.css';
import './about-page.css';

/** Everything about one address, interface, service, …: amounts link to their flows, addresses to their own page. */
export function AboutPage(props: { readonly schema: Schema; readonly thing: AboutThing }): ReactNode {
  const { schema, thing } = props;
  const search = useSearch();
  const base = useMemo(() => openingView(schema), [schema]);
  const { view, notices } = useMemo(() => readUrl(search, base, schema.vocabulary), [search, base, schema]);
  const { time, timezone } = view;
  const { about, stale, error, retry } = useAbout(thing, time, schema.revision);
  const [menu, setMenu] = useState(false);
  const [helping, setHelping] = useState(false);
  const client = useQueryClient();
  const links = useMemo(() => linksOf(schema, { ...base, time, timezone }), [schema, base, time, timezone]);
  const covered = about?.range;
  const range =
    covered == null || stale
      ? rangeOf(time, schema.span)
      : { from: Date.parse(covered.from), to: Date.parse(covered.to) };
  const go = (next: typeof time, zone = timezone): void => navigate(aboutUrl(thing, next, zone));
  const place = useMemo(
    () => ({ timezone, to: (other: AboutThing) => aboutUrl(other, time, timezone) }),
    [time, timezone],
  );
  const run = (command: Command): void => {
    if (command === 'help') setHelping(true);
    else if (command === 'time') setMenu(true);
    else if (command === 'refresh') lookAgain(client);
    else if (command === 'find') document.querySelector<HTMLElement>('.about-find input')?.focus();
  };
  useShortcuts(run, () => undefined);
  useTitle(thing.value);

  return (
    <LinksProvider value={links}>
      <AboutPlaceProvider value={place}>
        <div className="app" aria-busy={(about === null && error === null) || stale}>
          <TopBar place={null}>
            <StoreAndZone
              schema={schema}
              timezone={timezone}
              at={range.to}
              onZone={(zone) => go(time, zone)}
              onHelp={() => setHelping(true)}
              onRefresh={() => run('refresh')}
            />
          </TopBar>
          <Notices notices={notices} />
          <section className="bar about-bar" aria-label="Query">
            <span className="bar-label">Time</span>
            <div className="bar-row">
              <TimePill
                time={time}
                range={range}
                newest={schema.span?.to ?? 0}
                timezone={timezone}
                open={menu}
                onOpenChange={setMenu}
                onChoose={(next) => go(next)}
              />
              <FindThing onFind={(found) => navigate(place.to(found))} />
            </div>
          </section>
          <CrashGuard resetKey={`${thing.kind} ${thing.value} ${search}`}>
            {error !== null ? (
              <main className="center">
                <ProblemPanel
                  error={error}
                  onRetry={retry}
                  ways={undoActions()}
                  fault={
                    isRequestFault(error)
                      ? { about: kindWords[thing.kind], why: whyInvalid(thing) }
                      : undefined
                  }
                />
              </main>
            ) : about === null ? (
              <main className="center">
                <WaitText>Reading its flows …</WaitText>
              </main>
            ) : (
              <main className={`page page-column about${stale ? ' stale' : ''}`}>
                <AboutHead about={about} />
                {about.notes.length > 0 && (
                  <ul className="about-notes">
                    {about.notes.map((note) => (
                      <li key={note}>
                        <LinkedText text={note} />
                      </li>
                    ))}
                  </ul>
                )}
                <AboutChart
                  about={about}
                  span={schema.span}
                  coverage={schema.coverage}
                  onZoom={(span) => go({ kind: 'absolute', ...span })}
                />
                <div className="about-columns">
                  <AboutSideLists name="inbound" side={about.inbound} kind={about.kind} />
                  {about.outbound !== null && (
                    <AboutSideLists name="outbound" side={about.outbound} kind={about.kind} />
                  )}
                </div>
                <ChangeList about={about} />
                <Mentions thing={thing} time={time} revision={schema.revision} />
              </main>
            )}
          </CrashGuard>
          {helping && <ShortcutSheet onClose={() => setHelping(false)} />}
        </div>
      </AboutPlaceProvider>
    </LinksProvider>
  );
}
