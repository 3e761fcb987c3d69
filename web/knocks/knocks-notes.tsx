import type { ReactNode } from 'react';
import { LinkedText } from '../parts/linked-text.tsx';

/** What the investigation left out or could not find out. */
export function KnocksNotes(props: { readonly notes: readonly string[] }): ReactNode {
  if (props.notes.length === 0) return null;
  return (
    <ul className="knocks-notes" aria-label="Limitations">
      {props.notes.map((note) => (
        <li key={note}>
          <LinkedText text={note} />
        </li>
      ))}
    </ul>
  );
}
