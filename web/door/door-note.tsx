import type { ReactNode } from 'react';
import { DOOR } from '../data/location.ts';
import { useConclusion } from '../data/use-door.ts';
import { CodeText } from '../parts/code-text.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import './door-note.css';

/** What visits to the port say of a finding, with the way to them; nothing where there are none. */
export function DoorNote(props: { readonly finding: string }): ReactNode {
  const conclusion = useConclusion(props.finding);
  if (conclusion === null) return null;
  const { state, summary, missing, target } = conclusion;
  return (
    <p className={`door-note door-note-${state}`}>
      <b>{state === 'solved' ? 'Solved by the door' : 'The door is open'}</b>{' '}
      <CodeText text={state === 'solved' ? summary : [summary, ...missing].join(' ')} />{' '}
      <InnerLink to={`${DOOR}?port=${target.port}`}>Visits →</InnerLink>
    </p>
  );
}
