import type { ReactNode } from 'react';
import { KNOCKS, DOOR } from '../data/location.ts';
import { problemWords } from '../data/problem-words.ts';
import { useMentions } from '../data/use-about.ts';
import { stateWords } from '../../src/model/knocks/finding-state.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import type { AboutThing } from '../state/about-url.ts';
import { writeKnocksUrl } from '../state/knocks-url.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import { useAboutPlace } from './about-context.ts';

/** Findings and visits in this range that name it. Loaded last, because they need an investigation. */
export function Mentions(props: {
  readonly thing: AboutThing;
  readonly time: TimeChoice;
  readonly revision: number;
}): ReactNode {
  const { mentions, error } = useMentions(props.thing, props.time, props.revision);
  const { timezone } = useAboutPlace();
  const visits = mentions?.visits ?? [];
  return (
    <>
      <section className="about-card" aria-label="Findings">
        <h2>Findings that name it</h2>
        {error !== null ? (
          <p className="hint hint-bad">{problemWords(error)}</p>
        ) : mentions === null ? (
          <p className="soft">Loading findings …</p>
        ) : mentions.findings.length === 0 ? (
          <p className="soft">None in this time.</p>
        ) : (
          <ul className="about-findings">
            {mentions.findings.map(({ id, summary, state, role }) => (
              <li key={id}>
                <InnerLink to={KNOCKS + writeKnocksUrl({ time: props.time, timezone, finding: id })}>
                  {summary}
                </InnerLink>{' '}
                <span className="soft">
                  {stateWords[state]} · as the {role}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {visits.length > 0 && (
        <section className="about-card" aria-label="Visits">
          <h2>Visits at the door</h2>
          <ul className="about-findings">
            {visits.map(({ address, target, port, last_at: last, summary }) => (
              <li key={`${address} ${target} ${port}`}>
                <InnerLink to={`${DOOR}?source=${encodeURIComponent(address)}&port=${port}`}>
                  {summary}
                </InnerLink>{' '}
                <span className="soft">last {formatStamp(Date.parse(last), timezone)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
