import type { ReactNode } from 'react';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import type { DoorConclusion } from '../../src/model/visits/door.ts';
import { KNOCKS } from '../data/location.ts';
import type { Links } from '../knocks/links.ts';
import { NextStep } from '../knocks/next-step.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { writeKnocksUrl } from '../state/knocks-url.ts';

/** The conclusion from visits, for a finding or a port: a sentence, the evidence, and what is still missing. */
export function ConclusionCard(props: {
  readonly conclusion: DoorConclusion;
  readonly links: Links;
  readonly timezone: string;
  readonly notify: (text: string) => void;
}): ReactNode {
  const { finding, target, state, summary, evidence, missing, next_step } = props.conclusion;
  return (
    <article
      className={`door-card door-${state}`}
      aria-label={`${target.address === null ? 'Port' : `${target.address} port`} ${target.port}`}
    >
      <p className="door-about">
        <b className="door-state">{state === 'solved' ? 'Solved' : 'Open'}</b>
        <span className="mono">
          {target.address === null ? '' : `${target.address} `}port {target.port}
        </span>
        {finding !== null && (
          <InnerLink
            to={
              KNOCKS +
              writeKnocksUrl({ time: { kind: 'all' }, timezone: props.timezone, finding: finding.id })
            }
          >
            {kindWords[finding.kind].name}
          </InnerLink>
        )}
      </p>
      <h2>
        <LinkedText text={summary} />
      </h2>
      <ul className="door-evidence">
        {evidence.map((one) => (
          <li key={one.text}>
            <LinkedText text={one.text} />
            {one.query !== null && (
              <>
                {' '}
                <InnerLink to={props.links.query(one.query)} label={`Explore: ${one.text}`}>
                  Explore →
                </InnerLink>
              </>
            )}
            {one.visits.length > 0 && <span className="door-ids mono">{one.visits.join(' ')}</span>}
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <>
          <h3>Not known yet</h3>
          <ul className="door-evidence">
            {missing.map((text) => (
              <li key={text}>
                <LinkedText text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Next</h3>
      <NextStep text={next_step} notify={props.notify} />
    </article>
  );
}
