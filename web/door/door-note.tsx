import { type ReactNode, useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { FindingWithState } from '../../src/model/knocks/knocks.ts';
import { DOOR } from '../data/location.ts';
import { useConclusion } from '../data/use-door.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import './door-note.css';

/**
 * What visits to the port show about a finding, with a link to them; nothing if there are none. If they solved it, its
 * note says so already, and the text is not repeated.
 */
export function DoorNote(props: { readonly finding: FindingWithState }): ReactNode {
  const { id, state: known, state_info: info } = props.finding;
  const conclusion = useConclusion(id);
  const client = useQueryClient();
  const kept = conclusion?.finding?.state;
  useEffect(() => {
    // Visits have solved it since the investigation ran.
    if (kept === 'solved' && known !== 'solved') void client.invalidateQueries({ queryKey: ['knocks'] });
  }, [client, kept, known]);
  if (conclusion === null) return null;
  const { state, summary, missing, target } = conclusion;
  const isShownAlready = state === 'solved' && info.solved_by === 'visits';
  return (
    <p className={`door-note door-note-${state}`}>
      <b>{state === 'solved' ? 'Solved by the door' : 'The port is open'}</b>{' '}
      {!isShownAlready && (
        <LinkedText text={state === 'solved' ? summary : [summary, ...missing].join(' ')} />
      )}{' '}
      <InnerLink to={`${DOOR}?port=${target.port}`}>Visits →</InnerLink>
    </p>
  );
}
