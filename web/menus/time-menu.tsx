import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatStamp, parseStamp, zoneName } from '../format/times.ts';
import { type TimeChoice, withTime } from '../state/view.ts';
import { calendarSpan, calendarUnits } from '../time/calendar.ts';
import { countedName, parseDuration } from '../time/duration.ts';
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

/** Chooses the time: back from the newest flow, all, a calendar unit, or from–to to the minute. */
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
      <div>
        <Calendar onChoose={choose} />
        <Latest onChoose={choose} />
        <FixedTime key={`${range.from} ${range.to} ${view.timezone}`} onChoose={choose} />
      </div>
    </div>
  );
}

interface Choosing {
  readonly onChoose: (time: TimeChoice) => void;
}

/** The day, week, month and quarter of the newest flow, and those before. */
function Calendar({ onChoose }: Choosing): ReactNode {
  const { view, schema } = useExplorer();
  const newest = (schema.span?.to ?? 0) - 1;
  const { time } = view;
  return (
    <div className="time-calendar">
      {[0, 1].map((back) => (
        <div key={back}>
          <span className="soft">{back === 0 ? 'Newest' : 'Before'}</span>
          {calendarUnits.map((unit) => {
            const span = calendarSpan(unit, back, newest, view.timezone);
            const chosen = time.kind === 'absolute' && time.from === span.from && time.to === span.to;
            return (
              <button
                key={unit}
                type="button"
                aria-pressed={chosen}
                aria-label={`${back === 0 ? 'The newest' : 'The one before the newest'} ${unit}`}
                onClick={() => onChoose({ kind: 'absolute', ...span })}
              >
                {unit}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** Any length back from the newest flow. */
function Latest({ onChoose }: Choosing): ReactNode {
  const { view } = useExplorer();
  const [text, setText] = useState(view.time.kind === 'last' ? view.time.last : '');
  const wanted = text.trim().toUpperCase();
  const good = parseDuration(wanted) !== null;
  return (
    <form
      className="time-duration"
      onSubmit={(event) => {
        event.preventDefault();
        if (good) onChoose({ kind: 'last', last: wanted });
      }}
    >
      <label className="soft" htmlFor="time-last">
        Latest
      </label>
      <input
        id="time-last"
        className={`input mono${text.trim() !== '' && !good ? ' input-bad' : ''}`}
        placeholder="PT90M, P3D, P2W"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={!good}>
        Show
      </button>
    </form>
  );
}

function FixedTime({ onChoose }: Choosing): ReactNode {
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
          onChoose({ kind: 'absolute', from: start, to: end });
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
