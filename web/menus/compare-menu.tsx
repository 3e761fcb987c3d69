import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { withCompare } from '../state/compare.ts';
import type { Comparison } from '../state/view.ts';
import { parseDuration } from '../time/duration.ts';
import './time-menu.css';

const choices: readonly { readonly compare: Comparison | null; readonly label: string }[] = [
  { compare: null, label: 'Nothing' },
  { compare: 'previous', label: 'The period before' },
  { compare: { shift: 'P1D' }, label: 'A day earlier' },
  { compare: { shift: 'P1W' }, label: 'A week earlier' },
  { compare: { shift: 'P1M' }, label: 'A month earlier' },
];

/** Chooses what the time is compared with. */
export function CompareMenu(props: { readonly onClose: () => void }): ReactNode {
  const { view, go } = useExplorer();
  const shift = typeof view.compare === 'object' ? (view.compare?.shift ?? '') : '';
  const [text, setText] = useState(shift);
  const wanted = text.trim().toUpperCase();
  const choose = (compare: Comparison | null): void => {
    go(withCompare(view, compare));
    props.onClose();
  };
  return (
    <div className="compare-menu">
      <div className="time-latest">
        {choices.map(({ compare, label }) => (
          <button
            key={label}
            type="button"
            aria-pressed={JSON.stringify(compare) === JSON.stringify(view.compare)}
            onClick={() => choose(compare)}
          >
            {label}
          </button>
        ))}
      </div>
      <form
        className="time-duration"
        onSubmit={(event) => {
          event.preventDefault();
          if (parseDuration(wanted) !== null) choose({ shift: wanted });
        }}
      >
        <input
          className={`input mono${text.trim() !== '' && parseDuration(wanted) === null ? ' input-bad' : ''}`}
          placeholder="P3D, PT12H"
          aria-label="Earlier by, as an ISO 8601 duration"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button button-main" disabled={parseDuration(wanted) === null}>
          Earlier
        </button>
      </form>
    </div>
  );
}
