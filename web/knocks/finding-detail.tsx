import type { ReactNode } from 'react';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import { amountText, countedNoun } from '../../src/model/knocks/finding-words.ts';
import type { KnockTarget, FindingWithState } from '../../src/model/knocks/knocks.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { nameOf } from '../../src/view/format/names.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { DoorNote } from '../door/door-note.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import type { Span } from '../../src/view/time/buckets.ts';
import { FindingStatePart } from './finding-state.tsx';
import { HourStrip } from './hour-strip.tsx';
import { useLinks } from './links.ts';
import { Moment } from './moment.tsx';
import { NextStep } from './next-step.tsx';
import { ScoreParts } from './score-parts.tsx';
import { SourceTable } from './source-table.tsx';
import { portThing } from '../state/about-url.ts';
import { AboutLink } from '../parts/about-link.tsx';
import { PlaceText } from '../parts/place-text.tsx';
import { partNote, titleOf, toneOf } from './knock-words.ts';
import './finding-detail.css';

/** A finding in full: what, how often, the evidence, the next step, and the sources. */
export function FindingDetail(props: {
  readonly finding: FindingWithState;
  readonly timezone: string;
  /** The range that was investigated. */
  readonly within: Span | null;
  readonly notify: (text: string) => void;
  /** Back to the list, if it is above. */
  readonly onBack: () => void;
}): ReactNode {
  const { finding, timezone } = props;
  const links = useLinks();
  const { hours, unknown_hours: unknown } = finding.coverage;
  const names = [finding.target?.name ?? null];
  return (
    <aside className="detail" aria-label="Finding details" tabIndex={-1}>
      <button type="button" className="link detail-back" onClick={props.onBack}>
        ↑ All findings
      </button>
      <p className={`card-kind tone-${toneOf(finding)}`}>
        {kindWords[finding.kind].name} <span title="Score, 0 to 1">{finding.score.toFixed(2)}</span>
      </p>
      <h2>{titleOf(finding)}</h2>
      {finding.target !== null && <Target target={finding.target} timezone={timezone} />}
      <p className="detail-text">
        <LinkedText text={finding.summary} names={names} />
      </p>
      <FindingStatePart finding={finding} timezone={timezone} />

      <Facts big>
        {finding.amounts.map((amount) => (
          <Fact key={amount.name} name={amount.text}>
            {amountText(amount)}
          </Fact>
        ))}
        <Fact name={finding.attempts === 1 ? countedNoun(finding) : `${countedNoun(finding)}s`}>
          <InnerLink to={links.attempts(finding)} title={partNote(finding)}>
            {formatCount(finding.attempts)}
          </InnerLink>
        </Fact>
        <Fact name={finding.source_count === 1 ? 'source' : 'sources'}>
          <InnerLink to={links.attempts(finding, { by: 'source' })} title={partNote(finding)}>
            {formatCount(finding.source_count)}
          </InnerLink>
        </Fact>
        <Fact name="first seen">
          <Moment finding={finding} at={finding.first_seen} timezone={timezone} />
        </Fact>
        <Fact name="last seen">
          <Moment finding={finding} at={finding.last_seen} timezone={timezone} />
        </Fact>
        <Fact name={`of ${counted(hours, 'hour')} known`}>
          <InnerLink to={links.attempts(finding, { by: 'hour' })} title={partNote(finding)}>
            {formatCount(hours - unknown)}
          </InnerLink>
        </Fact>
      </Facts>
      <HourStrip finding={finding} timezone={timezone} within={props.within} height={56} axis />
      {partNote(finding) !== undefined && <p className="hint">{partNote(finding)}.</p>}
      {unknown > 0 && (
        <p className="hint">{counted(unknown, 'hour')} unknown, hatched: counts in them are lower bounds.</p>
      )}

      <h3>Evidence</h3>
      <ul className="evidence">
        {finding.evidence.map(({ text, query }) => (
          <li key={text}>
            <span>
              <LinkedText text={text} names={names} />
            </span>
            {query !== null && (
              <InnerLink
                to={links.query(query)}
                className="evidence-link"
                label={`Explore: ${text}`}
                title={partNote({ ...finding, query })}
              >
                Explore →
              </InnerLink>
            )}
          </li>
        ))}
      </ul>

      <DoorNote finding={finding} />

      <h3>Next</h3>
      <NextStep text={finding.next_step} names={names} notify={props.notify} />

      <h3>{counted(finding.source_count, 'source')}</h3>
      <SourceTable finding={finding} timezone={timezone} />

      <h3>
        Score <span className="soft">{finding.score.toFixed(2)}, and what it is made of</span>
      </h3>
      <ScoreParts parts={finding.score_parts} />
    </aside>
  );
}

/** The target, with everything known about it. */
function Target(props: { readonly target: KnockTarget; readonly timezone: string }): ReactNode {
  const { target, timezone } = props;
  const protocol = nameOf('protocol', target.protocol);
  const port = target.port === null ? '' : ` ${target.port}`;
  const likely = target.likely_service === null ? '' : `, likely ${target.likely_service}`;
  return (
    <p className="detail-target">
      <span>
        <span className="mono">{target.address}</span>
        <AboutLink thing={{ kind: 'address', value: target.address }} />
        {target.name === null && <PlaceText address={target.address} />}
      </span>
      {target.public_address !== null && (
        <span>
          public <span className="mono">{target.public_address}</span>
          <AboutLink thing={{ kind: 'address', value: target.public_address }} />
        </span>
      )}
      {target.interface_id !== null && (
        <span>
          <span className="mono">{target.interface_id}</span>
          <AboutLink thing={{ kind: 'interface', value: target.interface_id }} />
        </span>
      )}
      {target.service !== null && (
        <span>
          {target.service}
          <AboutLink thing={{ kind: 'service', value: target.service }} />
        </span>
      )}
      {protocol !== null && (
        <span>
          {protocol}
          {port}
          {target.port !== null && <AboutLink thing={portThing(target.port, target.protocol)} />}
          {likely}
        </span>
      )}
      {target.since !== null && (
        <span>here since {formatStamp(Date.parse(target.since), timezone, false)}</span>
      )}
    </p>
  );
}
