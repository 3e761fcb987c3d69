import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { withCompare } from '../../src/view/comparison.ts';
import { type Comparison, type View, withTime } from '../../src/view/view.ts';
import { formatRange } from '../../src/view/format/times.ts';
import { earlier } from '../../src/view/chart-layout/periods.ts';
import type { Span } from '../../src/view/time/buckets.ts';
import { countedName, roughLength } from '../../src/view/time/iso-duration.ts';
import { understandDuration } from '../understand/durations.ts';
import './time-menu.css';

const choices: readonly { readonly compare: Comparison | null; readonly label: string }[] = [
  { compare: null, label: 'Nothing' },
  { compare: 'previous', label: 'Previous period' },
  { compare: { shift: 'P1D' }, label: 'Previous day' },
  { compare: { shift: 'P1W' }, label: 'Previous week' },
  { compare: { shift: 'P1M' }, label: 'Previous month' },
];

/** Ranges to compare instead of all time: there must be an equal range before. */
function shorterThan(store: Span | null): readonly string[] {
  const length = store === null ? 0 : store.to - store.from;
  const fits = ['P7D', 'P1D', 'PT6H'].filter((last) => 2 * roughLength(last) <= length);
  return [...fits, 'PT1H'];
}

/** Selects the comparison period. All time has none before it, so shorter ranges are offered. */
export function CompareMenu(props: { readonly onClose: () => void }): ReactNode {
  const { view, schema, range, go } = useExplorer();
  const shift = typeof view.compare === 'object' ? (view.compare?.shift ?? '') : '';
  const [text, setText] = useState(shift);
  const wanted = understandDuration(text);
  const choose = (next: View): void => {
    go(next);
    props.onClose();
  };
  if (view.time.kind === 'all') {
    return (
      <div className="compare-menu">
        <p className="hint compare-none">There is no period before all time. Choose a time range first:</p>
        <div className="time-latest">
          {shorterThan(schema.span).map((last) => (
            <button
              key={last}
              type="button"
              onClick={() => choose(withCompare(withTime(view, { kind: 'last', last }), 'previous'))}
            >
              Latest {countedName(last)}, and those before
            </button>
          ))}
        </div>
      </div>
    );
  }
  return (
    <div className="compare-menu">
      <div className="time-latest">
        {choices.map(({ compare, label }) => (
          <button
            key={label}
            type="button"
            aria-pressed={JSON.stringify(compare) === JSON.stringify(view.compare)}
            onClick={() => choose(withCompare(view, compare))}
          >
            {label}
          </button>
        ))}
      </div>
      <form
        className="time-duration"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted.kind === 'duration') choose(withCompare(view, { shift: wanted.iso }));
        }}
      >
        <input
          className={`input${wanted.kind === 'fault' ? ' input-bad' : ''}`}
          placeholder="3 days, 12h, P1W"
          aria-label="Earlier by"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button button-main" disabled={wanted.kind !== 'duration'}>
          Earlier
        </button>
        <p className={`time-preview ${wanted.kind === 'fault' ? 'hint hint-bad' : 'hint'}`} role="status">
          {wanted.kind === 'fault'
            ? wanted.why
            : wanted.kind === 'duration'
              ? `${wanted.words} earlier: ${formatRange(earlier(range, wanted.iso, view.timezone), view.timezone)}`
              : 'The same time range, shifted back by any duration.'}
        </p>
      </form>
    </div>
  );
}
