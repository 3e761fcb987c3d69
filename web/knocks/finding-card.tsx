import type { KeyboardEvent, ReactNode } from 'react';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import { amountText, countedNoun } from '../../src/model/knocks/finding-words.ts';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import { counted, formatCount } from '../../src/view/format/numbers.ts';
import { placeText } from '../../src/view/format/place-names.ts';
import { DoorNote } from '../door/door-note.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import type { Span } from '../../src/view/time/buckets.ts';
import { FindingStatePart } from './finding-state.tsx';
import { HourStrip } from './hour-strip.tsx';
import { useLinks } from './links.ts';
import { Moment } from './moment.tsx';
import { partNote, titleOf, toneOf } from './knock-words.ts';

/** A finding in short: kind, summary, hours, and the most important numbers. */
export function FindingCard(props: {
  readonly finding: FindingWithState;
  readonly timezone: string;
  /** The range that was investigated. */
  readonly within: Span | null;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
}): ReactNode {
  const { finding, timezone, chosen } = props;
  const links = useLinks();
  const only = finding.source_count === 1 && finding.sources[0] ? placeText(finding.sources[0]) : null;
  const { unknown_hours: unknown } = finding.coverage;
  return (
    <article
      className={`card${chosen ? ' card-chosen' : ''}`}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a') === null) props.onChoose();
      }}
    >
      <p className={`card-kind tone-${toneOf(finding)}`}>
        {kindWords[finding.kind].name} <span title="Score, 0 to 1">{finding.score.toFixed(2)}</span>
      </p>
      <h2>
        <button
          type="button"
          className="card-title"
          data-finding={finding.id}
          aria-pressed={chosen}
          onKeyDown={props.onKeyDown}
        >
          {titleOf(finding)}
        </button>
      </h2>
      <p className="card-text">
        <LinkedText text={finding.summary} names={[finding.target?.name ?? null]} />
      </p>
      <HourStrip finding={finding} timezone={timezone} within={props.within} height={28} />
      <p className="card-facts">
        {finding.amounts.map((amount) => (
          <span key={amount.name}>
            <b>{amountText(amount)}</b> {amount.text}
          </span>
        ))}
        <span>
          <InnerLink to={links.attempts(finding)} title={partNote(finding)}>
            {formatCount(finding.attempts)}
          </InnerLink>{' '}
          {finding.attempts === 1 ? countedNoun(finding) : `${countedNoun(finding)}s`}
        </span>
        <span>
          <InnerLink to={links.attempts(finding, { by: 'source' })} title={partNote(finding)}>
            {formatCount(finding.source_count)}
          </InnerLink>{' '}
          {finding.source_count === 1 ? 'source' : 'sources'}
          {only !== null && only !== '' && <span className="place"> {only}</span>}
        </span>
        <span>
          <Moment finding={finding} at={finding.first_seen} timezone={timezone} /> –{' '}
          <Moment finding={finding} at={finding.last_seen} timezone={timezone} />
        </span>
        {unknown > 0 && (
          <span>
            <InnerLink to={links.attempts(finding, { by: 'hour' })} title={partNote(finding)}>
              {formatCount(unknown)}
            </InnerLink>{' '}
            of {counted(finding.coverage.hours, 'hour')} unknown
          </span>
        )}
      </p>
      <DoorNote finding={finding} />
      <FindingStatePart finding={finding} timezone={timezone} />
    </article>
  );
}
