import { type ReactNode, useMemo, useState } from 'react';
import { DOOR, navigate, useSearch } from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { unreadSchema } from '../data/unread-schema.ts';
import { type DoorView, useDoor } from '../data/use-door.ts';
import { openingView } from '../../src/view/opening-view.ts';
import { formatBig, formatCount } from '../../src/view/format/numbers.ts';
import { linksOf } from '../knocks/links.ts';
import { WaitText } from '../parts/wait-text.tsx';
import { useToast } from '../parts/toast.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { readDoorUrl, writeDoorUrl } from '../state/door-url.ts';
import { StorePage } from '../views/store-page.tsx';
import { ConclusionCard } from './conclusion-card.tsx';
import { DoorTimelineChart } from './door-timeline.tsx';
import { GroupTable } from './group-table.tsx';
import { VisitList } from './visit-list.tsx';
import { VisitorTable } from './visitor-table.tsx';
import '../views/head.css';
import './door-page.css';

/** Visits to open ports, updated live: the conclusions, and each visit. */
export function DoorPage(props: {
  /** Null: not read yet. */
  readonly schema: Schema | null;
}): ReactNode {
  const schema = props.schema ?? unreadSchema;
  const search = useSearch();
  const view = useMemo(() => readDoorUrl(search), [search]);
  const { door, error, retry } = useDoor(view);
  const [timezone, setTimezone] = useState(schema.timezone);
  const [toast, notify] = useToast();
  const links = useMemo(() => linksOf(schema, openingView(schema)), [schema]);
  const go = (part: Partial<DoorView>): void => navigate(DOOR + writeDoorUrl({ ...view, ...part }));
  const picked = [
    ...(view.port === null ? [] : [{ label: `port ${view.port}`, part: { port: null } }]),
    ...(view.source === null ? [] : [{ label: view.source, part: { source: null } }]),
  ];
  return (
    <StorePage
      schema={props.schema}
      place="door"
      title="Door"
      timezone={timezone}
      onZone={setTimezone}
      error={error}
      onRetry={retry}
      resetKey={search}
      overlay={toast}
    >
      {door === null ? (
        <main className="center">
          <WaitText>Reading the visits …</WaitText>
        </main>
      ) : (
        <main className="page page-column door">
          <h1 className="visually-hidden">Door</h1>
          {picked.length > 0 && (
            <p className="door-picked">
              Only
              {picked.map(({ label, part }) => (
                <button
                  key={label}
                  type="button"
                  className="chip mono"
                  aria-label={`Remove ${label}`}
                  onClick={() => go(part)}
                >
                  {label} ×
                </button>
              ))}
            </p>
          )}
          {door.range === null ? (
            <NoVisits filtered={picked.length > 0} />
          ) : (
            <>
              <dl className="totals">
                <Total name="Visits" value={formatBig(door.totals.visits, 'count')} />
                <Total name="Addresses" value={formatCount(door.totals.sources)} />
                <Total name="Received" value={formatBig(door.totals.bytes, 'bytes')} />
                {door.totals.unkept > 0 && (
                  <Total name="Only counted" value={formatBig(door.totals.unkept, 'count')} />
                )}
              </dl>
              {door.notes.length > 0 && (
                <ul className="door-notes">
                  {door.notes.map((note) => (
                    <li key={note}>
                      <LinkedText text={note} />
                    </li>
                  ))}
                </ul>
              )}
              {door.conclusions.map((conclusion) => (
                <ConclusionCard
                  key={`${conclusion.finding?.id ?? ''} ${conclusion.target.port}`}
                  conclusion={conclusion}
                  links={links}
                  timezone={timezone}
                  notify={notify}
                />
              ))}
              <DoorTimelineChart timeline={door.timeline} timezone={timezone} />
              <GroupTable groups={door.groups} more={door.left_out.groups} onPort={(port) => go({ port })} />
              <VisitorTable
                sources={door.sources}
                more={door.left_out.sources}
                timezone={timezone}
                links={links}
                onSource={(source) => go({ source })}
              />
              <VisitList visits={door.visits} more={door.left_out.visits} timezone={timezone} />
            </>
          )}
        </main>
      )}
    </StorePage>
  );
}

function Total(props: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div className="total">
      <dt>
        <small>{props.name}</small>
      </dt>
      <dd>
        <b>{props.value}</b>
      </dd>
    </div>
  );
}

function NoVisits(props: { readonly filtered: boolean }): ReactNode {
  if (props.filtered) return <p className="door-empty">No visits of that kind.</p>;
  return (
    <section className="door-card door-empty">
      <h2>No visits yet</h2>
      <p>
        Flow logs don’t show what strangers want. A listener on the port reads the first bytes that they send:
        the host name in them solves most findings.
      </p>
      <ol>
        <li>
          On the Knocks page, the next step of a finding says how to prepare the machine:{' '}
          <code>peephole door plan FINDING</code>
        </li>
        <li>
          On the machine: <code>peephole listen --port 80 --host 0.0.0.0 ::</code>
        </li>
        <li>
          Import the visits: <code>peephole ingest visits-….jsonl</code>. Visits on this machine are imported
          automatically.
        </li>
      </ol>
    </section>
  );
}
