import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatStamp, parseStamp, zoneName } from '../format/times.ts';
import { type TimeChoice, withTime } from '../state/view.ts';
import { countedName } from '../time/duration.ts';
import './time-menu.css';

const latest = ['PT1H', 'PT6H', 'P1D', 'P7D', 'P30D'] as const;

/** What the time pill says: `Latest 7 days`. */
export function timeTitle(time: TimeChoice): string {
  switch (time.kind) {
    case 'last':
      return `Latest ${countedName(time.last)}`;
    case 'absolute':
      return 'From – to';
    case 'all':
      return 'All time';
  }
}

/** Chooses the time: back from the newest flow, all, or from–to to the minute. */
export function TimeMenu(props: { readonly onClose: () => void }): ReactNode {
  const { view, range, go } = useExplorer();
  const choose = (time: TimeChoice): void => {
    go(withTime(view, time));
    props.onClose();
  };
  return (
    <div className="time-menu">
      <div className="time-latest">
        {latest.map((last) => (
          <button
            key={last}
            type="button"
            aria-pressed={view.time.kind === 'last' && view.time.last === last}
            onClick={() => choose({ kind: 'last', last })}
          >
            Latest {countedName(last)}
          </button>
        ))}
        <button type="button" aria-pressed={view.time.kind === 'all'} onClick={() => choose({ kind: 'all' })}>
          All time
        </button>
      </div>
      <FixedTime key={`${range.from} ${range.to} ${view.timezone}`} onChoose={choose} />
    </div>
  );
}

function FixedTime(props: { readonly onChoose: (time: TimeChoice) => void }): ReactNode {
  const { view, range } = useExplorer();
  // The end is exclusive, so a newest flow at 14:00:59 asks for a “to” of 14:01.
  const ceiling = Math.ceil(range.to / 60_000) * 60_000;
  const [from, setFrom] = useState(formatStamp(range.from, view.timezone, false));
  const [to, setTo] = useState(formatStamp(ceiling, view.timezone, false));
  const [start, end] = [parseStamp(from, view.timezone), parseStamp(to, view.timezone)];
  const fault =
    start === null || end === null
      ? 'A time is written 2018-06-20 14:00.'
      : start >= end
        ? 'From must be before to.'
        : null;
  return (
    <form
      className="time-fixed"
      onSubmit={(event) => {
        event.preventDefault();
        if (start !== null && end !== null && fault === null)
          props.onChoose({ kind: 'absolute', from: start, to: end });
      }}
    >
      <label>
        From
        <input
          className={`input mono${start === null ? ' input-bad' : ''}`}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          className={`input mono${end === null ? ' input-bad' : ''}`}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-main" disabled={fault !== null}>
        Show
      </button>
      <p className={fault === null ? 'hint' : 'hint hint-bad'}>
        {fault ??
          `Times of ${zoneName(view.timezone)}; “to” is not included. “Latest” counts back from the newest flow.`}
      </p>
    </form>
  );
}
